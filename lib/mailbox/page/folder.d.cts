/** Where the page's files lie, as an absolute path. */
export declare const pageFolder: string;

/** Where the page's files lie: both builds have them, and only this knows it in both. */
exports.pageFolder = __dirname;

/** How many connections there are, by what they do. */
export interface ConnectionCounts {
  readonly open: number;
  readonly connecting: number;
  readonly busy: number;
  readonly idle: number;
}

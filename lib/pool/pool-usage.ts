/** What a pool makes use of. */
export interface PoolUsage {
  /** Connections whose sockets are open, those being set up included. */
  readonly connections: number;

  /**
   * Messages that have left within the time of the rate limit, or are about to:
   * 0 without a limit.
   */
  readonly messages: number;
}

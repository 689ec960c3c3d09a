/** A reply of the relay, as received. */
export interface ReplyInfo {
  /** Three-digit SMTP reply code. */
  readonly code: number;

  /** The reply's text, lines joined by a line feed, without the codes. */
  readonly text: string;
}

/** Who an SMTP transaction is from and to: plain ASCII addresses, checked. */
export interface Envelope {
  readonly from: string;
  readonly to: readonly string[];
}

/** Why an address is sent no mail any more. */
export type SuppressionReason = 'bounced' | 'complained' | 'unsubscribed';

/** Tells which addresses are sent no mail, before a message leaves. */
export interface SuppressionList {
  /**
   * Answers for each address, in order, why it is sent no mail; `undefined`
   * where it is. Addresses are as the message names them: compare them without
   * regard to case.
   */
  reasonsFor(
    addresses: readonly string[],
  ):
    | readonly (SuppressionReason | undefined)[]
    | Promise<readonly (SuppressionReason | undefined)[]>;
}

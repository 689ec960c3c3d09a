import type { OutgoingMail } from './carrier.js';

/** Everybody whom a message is for. */
export function recipientsOf({
  addressees,
  envelope,
}: Pick<OutgoingMail, 'addressees' | 'envelope'>): readonly string[] {
  return addressees ?? envelope.to;
}

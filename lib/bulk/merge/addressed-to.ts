import { isFields } from '../../message/header-entries.js';

/** Whom a recipient is told by, whatever was given for it. */
export function addressedTo(recipient: unknown): string {
  const to = isFields(recipient) ? recipient['to'] : undefined;
  const address = isFields(to) ? (to['address'] ?? to['email']) : to;
  return typeof address === 'string' ? address : '';
}

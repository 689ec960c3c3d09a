import { isRecord } from '../../options/is-record.js';
import type { SendGridEventBase } from './sendgrid-event.js';

/**
 * Reads the body of a post. What is in it and is no event is left out, what is
 * an event of an unknown kind is not.
 *
 * @throws SyntaxError when the body is no JSON
 */
export function parseEvents(body: Uint8Array): readonly SendGridEventBase[] {
  const { buffer, byteOffset, byteLength } = body;
  const text = Buffer.from(buffer, byteOffset, byteLength).toString('utf8');
  const parsed: unknown = JSON.parse(text);
  const items: readonly unknown[] = Array.isArray(parsed) ? parsed : [parsed];
  return items.every(isEvent) ? items : items.filter(isEvent);
}

/** Every other field is optional in the type, whatever SendGrid leaves out. */
function isEvent(value: unknown): value is SendGridEventBase {
  return isRecord(value) && typeof Reflect.get(value, 'event') === 'string';
}

import { isRecord } from '../options/is-record.js';
import type { Masking } from '../options/masking.js';
import type { MailEventFacts } from './mail-event.js';

/** Fields that hold addresses, and nothing but addresses. */
const ADDRESSES = new Set(['recipients', 'recipient', 'sender']);

/**
 * Copies what is told of an event with every text masked, except for the
 * Message-ID, which looks like an address. Absent fields are left out.
 */
export function maskFacts(
  facts: MailEventFacts,
  masking: Masking,
): MailEventFacts {
  const masked = { ...facts };
  for (const [name, value] of Object.entries(facts)) {
    if (value === undefined) Reflect.deleteProperty(masked, name);
    else if (name !== 'messageId') {
      Reflect.set(masked, name, mask(name, value, masking));
    }
  }
  return masked;
}

function mask(name: string, value: unknown, masking: Masking): unknown {
  if (typeof value === 'string') {
    return ADDRESSES.has(name) ? masking.address(value) : masking.text(value);
  }
  if (Array.isArray(value)) {
    return value.map((item) => mask(name, item, masking));
  }
  if (!isRecord(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, mask(key, item, masking)]),
  );
}

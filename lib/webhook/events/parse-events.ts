import type { SendGridEventBase } from './sendgrid-event.js';

/** Ends one event and begins the next, where SendGrid writes a line of each. */
const BETWEEN = Buffer.from('},\r\n{');

/** A text of 130 kB or more costs V8 memory of its own from the system. */
const PIECE_BYTES = 65_536;

/**
 * Reads the body of a post. What is in it and is no event is left out, what is
 * an event of an unknown kind is not.
 *
 * @throws SyntaxError when the body is no JSON
 */
export function parseEvents(body: Uint8Array): readonly SendGridEventBase[] {
  const { buffer, byteOffset, byteLength } = body;
  const bytes = Buffer.from(buffer, byteOffset, byteLength);
  try {
    return eventsIn(piecesOf(bytes));
  } catch {
    // The cut may have been in the middle of an event.
    return eventsIn([bytes.toString()]);
  }
}

/** Cuts a list between events, into texts of shorter lists. */
function piecesOf(bytes: Buffer): string[] {
  const pieces: string[] = [];
  let from = 0;
  let open = '';
  let end = bytes.indexOf(BETWEEN, PIECE_BYTES);
  while (end !== -1) {
    pieces.push(`${open}${bytes.toString('utf8', from, end + 1)}]`);
    open = '[';
    from = end + 2;
    end = bytes.indexOf(BETWEEN, from + PIECE_BYTES);
  }
  pieces.push(open + bytes.toString('utf8', from));
  return pieces;
}

function eventsIn(texts: readonly string[]): SendGridEventBase[] {
  const events: SendGridEventBase[] = [];
  for (const text of texts) {
    const parsed: unknown = JSON.parse(text);
    const items: readonly unknown[] = Array.isArray(parsed) ? parsed : [parsed];
    for (const item of items) if (isEvent(item)) events.push(item);
  }
  return events;
}

/** Every other field is optional in the type, whatever SendGrid leaves out. */
function isEvent(value: unknown): value is SendGridEventBase {
  return (
    typeof value === 'object' &&
    value !== null &&
    typeof Reflect.get(value, 'event') === 'string'
  );
}

import { excerpt, invalidMessage } from '../../message/invalid-message.js';

const INSTEAD =
  'Read it and give the content as a Buffer or a string, or use ' +
  '`MailService.send`, which sends without storing.';

/** The refusal of a stream, which is gone once it has been read. */
export function streamRefused(at: string): Error {
  return invalidMessage(
    `\`${at}\` is a stream, which cannot be stored. ${INSTEAD}`,
  );
}

/** The refusal of a function. */
export function functionRefused(at: string): Error {
  return invalidMessage(
    `\`${at}\` is a function, which cannot be stored. Give what it gives: a ` +
      'Buffer or a string for content.',
  );
}

/** The refusal of a path or URL, which need not mean the same to a worker. */
export function locationRefused(at: string): Error {
  return invalidMessage(
    `\`${at}\` points to a file or URL, which a worker need not have when it ` +
      `sends. ${INSTEAD} A \`data:\` URI is stored.`,
  );
}

/** The refusal of a field that a stored message does not have. */
export function unknownField(at: string): Error {
  return invalidMessage(
    `\`${at}\` is no field that is stored, so it would be lost. Remove it.`,
  );
}

/** The refusal of any other value; `what` ends a sentence. */
export function notStorable(at: string, what: string): Error {
  return invalidMessage(`\`${at}\` cannot be stored: ${what}.`);
}

/** The place of a named value, as errors print it. */
export function fieldOf(at: string, name: string): string {
  const shown = /^[\w-]{1,40}$/.test(name) ? name : excerpt(name).slice(1, -1);
  return at === '' ? shown : `${at}.${shown}`;
}

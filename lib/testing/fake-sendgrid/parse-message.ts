import PostalMime, { addressParser, decodeWords } from 'postal-mime';
import type { ReceivedMessage, UnparsedMessage } from './received-message.js';

/** Reads a message the way a mail program would. */
export async function parseMessage(
  message: UnparsedMessage,
): Promise<ReceivedMessage> {
  const email = await PostalMime.parse(message.raw);
  const { from, messageId, subject, text, html } = email;
  return {
    ...message,
    headers: email.headers,
    from,
    to: email.to ?? [],
    cc: email.cc ?? [],
    replyTo: email.replyTo ?? [],
    messageId,
    subject,
    text,
    html,
    attachments: email.attachments,
  };
}

/** A message whose parts stay unread. */
export function withoutParsing(message: UnparsedMessage): ReceivedMessage {
  return {
    ...message,
    headers: [],
    to: [],
    cc: [],
    replyTo: [],
    attachments: [],
  };
}

/** Addresses of the From header, in lower case. */
export function fromAddresses(raw: Buffer): string[] {
  const end = raw.indexOf('\r\n\r\n');
  const head = raw.toString('utf8', 0, end === -1 ? raw.length : end);
  const header = /^from:((?:.*\r\n[\t ])*.*)$/im.exec(head)?.[1] ?? '';
  return addressParser(decodeWords(header), { flatten: true }).map(
    ({ address }) => (address ?? '').toLowerCase(),
  );
}

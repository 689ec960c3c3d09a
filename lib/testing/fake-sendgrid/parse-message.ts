import PostalMime, { addressParser, decodeWords } from 'postal-mime';
import { headerValues } from '../../message/header-values.js';
import { smtpApiProblem } from '../../message/judge-smtp-api.js';
import { parseSmtpApi } from '../../message/parse-smtp-api.js';
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
    smtpApi: parseSmtpApi(message.raw),
    ...droppedFor(smtpApiProblem(message.raw)),
  };
}

function droppedFor(
  problem: string | undefined,
): Pick<ReceivedMessage, 'dropped'> {
  if (problem === undefined) return {};
  return { dropped: { reason: 'Invalid SMTPAPI header', problem } };
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
  const [header = ''] = headerValues(raw, 'from');
  return addressParser(decodeWords(header), { flatten: true }).map(
    ({ address }) => (address ?? '').toLowerCase(),
  );
}

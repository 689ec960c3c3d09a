import type { SendReceipt } from '../../../lib/delivery/receipt.js';
import type { Sample } from './corpus.js';
import type { StoredMail } from './maildirs.js';

/** What was sent and what the client was told about it. */
export interface Sent {
  readonly sample: Sample;
  readonly receipt: SendReceipt;
}

/** What servers put in front of a message, and nothing else may. */
const TRACE =
  /^(?:(?:Return-path|Received|Authentication-Results|Delivered-To|X-Original-To|Envelope-to|Delivery-date):.*\n(?:[ \t].*\n)*)*$/i;

/** Everything that is not as it should be; nothing when all is well. */
export function differences(
  sent: readonly Sent[],
  stored: readonly StoredMail[],
  queuedId: RegExp,
): string[] {
  const ids = sent.map(({ receipt }) => queuedId.exec(receipt.response)?.[1]);
  const problems = sent.flatMap(({ sample, receipt }) =>
    receiptProblems(sample, receipt),
  );
  if (new Set(ids).size !== sent.length) {
    problems.push('the queue ids of the receipts are not distinct');
  }
  const expected = new Map<string, { text: string; id: string | undefined }>();
  for (const [index, { sample }] of sent.entries()) {
    for (const address of sample.mail.envelope.to) {
      const copy = copyName(sample.mail.messageId, address.split('@', 1)[0]);
      expected.set(copy, { text: sample.expected, id: ids[index] });
    }
  }
  for (const { mailbox, text } of stored) {
    const messageId = /^Message-ID: (.+)$/m.exec(text)?.[1];
    const copy = copyName(messageId, mailbox);
    const wanted = expected.get(copy);
    if (wanted === undefined) problems.push(`${copy}: not sent, or twice`);
    else problems.push(...copyProblems(copy, text, wanted));
    expected.delete(copy);
  }
  for (const copy of expected.keys()) problems.push(`${copy}: lost`);
  return problems;
}

/** How the server says that a message came, `ESMTPSA` for TLS and AUTH. */
export function protocols(stored: readonly StoredMail[]): string[] {
  const found = stored.map(
    ({ text }) => /^Received:[^]*?\bwith (\w+)/im.exec(text)?.[1] ?? 'none',
  );
  return [...new Set(found.map((name) => name.toUpperCase()))];
}

function copyName(
  messageId: string | undefined,
  mailbox: string | undefined,
): string {
  return `${messageId} for ${mailbox}`;
}

function receiptProblems(
  { mail }: Sample,
  { messageId, accepted, rejected }: SendReceipt,
): string[] {
  const asSent =
    messageId === mail.messageId &&
    rejected.length === 0 &&
    accepted.join() === mail.envelope.to.join();
  return asSent ? [] : [`${mail.messageId}: its receipt says something else`];
}

function copyProblems(
  copy: string,
  text: string,
  wanted: { readonly text: string; readonly id: string | undefined },
): string[] {
  if (!text.endsWith(wanted.text)) {
    return [`${copy}: changed: ${JSON.stringify(text.slice(0, 3000))}`];
  }
  const trace = text.slice(0, -wanted.text.length);
  if (!TRACE.test(trace)) return [`${copy}: has other headers: ${trace}`];
  // An id of another message would mean that replies were mixed up.
  const named = wanted.id !== undefined && trace.includes(wanted.id);
  return named ? [] : [`${copy}: is not ${wanted.id}, as its receipt says`];
}

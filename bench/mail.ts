/** The sender of every message. */
export const FROM = 'hello@shop.example';

/** The recipient of every message, unless a suite wants more of them. */
const TO = 'ada@example.com';

/** What every library composes a message from. */
export interface Mail {
  from: string;
  to: string;
  subject: string;
  text: string;
  html: string;
}

const SENDER = `Shop <${FROM}>`;
const TEXT = paragraphs((line) => line, 5);
const HTML = `${paragraphs((line) => `<p>${line}</p>`, 12)}</body></html>\n`;

/**
 * The `n`th message, which differs from every other in each field but the
 * sender: about 2 KB of html and text.
 */
export function mailOf(n: number): Mail {
  return {
    from: SENDER,
    to: `Customer ${n} <customer-${n}@example.com>`,
    subject: `Your order ${n} is on its way`,
    text: `Order ${n}\n${TEXT}`,
    html: `<!doctype html>\n<html><body>\n<h1>Order ${n}</h1>\n${HTML}`,
  };
}

/** How many prepared messages differ, unless that takes more than {@link MAX_BYTES}. */
const DISTINCT = 64;
const MAX_BYTES = 67_108_864;

/** Composed messages of about `size` bytes, each with a Message-ID of its own. */
export function preparedMails(size: number): Buffer[] {
  const length = Math.min(DISTINCT, Math.floor(MAX_BYTES / size));
  return Array.from({ length }, (_, n) => preparedMail(n, size));
}

/** The `n`th entry, from the start again where the list ends. */
export function inTurn<T>(list: readonly T[], n: number): T {
  const item = list[n % list.length];
  if (item === undefined) throw new Error('Nothing to take in turn');
  return item;
}

/** The addresses of `count` recipients. */
export function recipients(count: number): string[] {
  if (count === 1) return [TO];
  return Array.from({ length: count }, (_, n) => `customer-${n}@example.com`);
}

function preparedMail(n: number, size: number): Buffer {
  const head = [
    `From: ${SENDER}`,
    `To: ${TO}`,
    `Subject: Your order ${n} is on its way`,
    `Message-ID: <prepared-${n}@shop.example>`,
    'Date: Thu, 01 Jan 2026 12:00:00 +0000',
    'MIME-Version: 1.0',
    'Content-Type: text/html; charset=utf-8',
    'Content-Transfer-Encoding: 7bit',
    '\r\n',
  ].join('\r\n');
  const body = HTML.replaceAll('\n', '\r\n');
  const copies = Math.ceil(size / body.length);
  return Buffer.from((head + body.repeat(copies)).slice(0, size - 2) + '\r\n');
}

function paragraphs(wrap: (line: string) => string, count: number): string {
  const lines = Array.from(
    { length: count },
    (_, n) =>
      `${n + 1}. Thank you for your order. We packed it with care today, and the carrier has it now.`,
  );
  return lines.map((line) => `${wrap(line)}\n`).join('');
}

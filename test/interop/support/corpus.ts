import type { OutgoingMail } from '../../../lib/delivery/carrier.js';
import { seededRandom } from '../../support/seeded-random.js';

/** A message and what must come of it. */
export interface Sample {
  readonly mail: OutgoingMail;
  /** The whole message with LF as line end, one byte a character. */
  readonly expected: string;
}

/** Local parts of the recipients. */
export const MAILBOXES = ['ada', 'bob', 'carol', 'dan', 'erin', 'frank'];

type Random = () => number;

/** Bodies that have gone wrong somewhere before; bytes as characters. */
const BODIES: readonly ((random: Random) => string)[] = [
  (random) => prose(random, 12),
  () => '',
  () => '\r\n',
  () => '.',
  () => '.\r\n..\r\n...\r\n.leading\r\n\r\n.\r\n',
  (random) => `${'.'.repeat(below(random, 2000))}\r\n.end`,
  // RFC 5321 allows 998 without the line end; some send more.
  (random) =>
    `${'x'.repeat(998)}\r\n.${'y'.repeat(997)}\r\n${prose(random, 2)}`,
  (random) => `${'z'.repeat(2000 + below(random, 3000))}\r\n`,
  (random) => `${binary(random, 400)}\r\n${binary(random, 90)}`,
  () => utf8('Grüße aus Köln, 東京 и Москва 🎉\r\n'),
  () => 'From the start\r\n>From quoted\r\nRSET\r\nQUIT\r\nMAIL FROM:<a@b.c>',
  () => 'only\nline feeds\n.\nhere\n',
  () => 'blank lines at the end\r\n\r\n\r\n\r\n',
  (random) => prose(random, 1500),
];

/** Messages that vary by seed; their ids start with `prefix`. */
export function corpus(seed: number, prefix: string, count: number): Sample[] {
  const random = seededRandom(seed);
  return Array.from({ length: count }, (_, n) =>
    sample(random, `<${prefix}-${n}@shop.example>`),
  );
}

function sample(random: Random, messageId: string): Sample {
  const to = recipients(random);
  const body = BODIES[below(random, BODIES.length)]?.(random) ?? '';
  const head = [
    'From: Shop <hello@shop.example>',
    `To: ${to.join(',\r\n ')}`,
    `Subject: ${messageId}`,
    `Message-ID: ${messageId}`,
    'Date: Mon, 23 Nov 2026 12:00:00 +0000',
    'MIME-Version: 1.0',
    'Content-Type: text/plain; charset=utf-8',
    'Content-Transfer-Encoding: 8bit',
  ];
  const text = `${head.join('\r\n')}\r\n\r\n${body}`;
  const lines = text.replaceAll('\r\n', '\n');
  return {
    mail: {
      messageId,
      sender: 'hello@shop.example',
      envelope: { from: 'hello@shop.example', to },
      content: { kind: 'bytes', bytes: Buffer.from(text, 'latin1') },
    },
    expected: lines.endsWith('\n') ? lines : `${lines}\n`,
  };
}

/** One in five goes to several. */
function recipients(random: Random): string[] {
  const first = below(random, MAILBOXES.length);
  const more = below(random, 5) === 0 ? 2 + below(random, 4) : 1;
  return Array.from({ length: more }, (_, i) => {
    const name = MAILBOXES[(first + i) % MAILBOXES.length];
    return `${name}@example.com`;
  });
}

function below(random: Random, bound: number): number {
  return Math.floor(random() * bound);
}

function prose(random: Random, lines: number): string {
  return Array.from({ length: lines }, () => {
    const words = 1 + below(random, 12);
    const dot = below(random, 8) === 0 ? '.' : '';
    return `${dot}${'lorem '.repeat(words)}`.trimEnd();
  }).join('\r\n');
}

/** Bytes from 128 up. */
function binary(random: Random, length: number): string {
  const bytes = Array.from({ length }, () => 128 + below(random, 128));
  return String.fromCodePoint(...bytes);
}

function utf8(text: string): string {
  return Buffer.from(text).toString('latin1');
}

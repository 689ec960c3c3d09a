import { Readable } from 'node:stream';
import type { OutgoingMail } from '../../../lib/delivery/carrier.js';
import type { Lane } from '../../../lib/pool/lane.js';
import type { SendOptions } from '../relay.js';
import { seededRandom } from '../seeded-random.js';
import { pick } from './faults.js';

/** How a message is given to the client. */
type SoakContent = 'bytes' | 'large' | 'stream' | 'single-use';

/** One message of the campaign. */
export interface SoakMail {
  readonly id: number;
  readonly content: SoakContent;
  readonly recipients: readonly string[];
  readonly lane: Lane;

  /** When the sender loses patience, if so, and how it says so. */
  readonly giveUp:
    { readonly how: 'signal' | 'timeout'; ms: number } | undefined;

  /** What the server has to receive. */
  readonly text: Buffer;

  /** Whether the client writes body and dot in one go. */
  readonly leavesAtOnce: boolean;
}

const LARGE_LINES = 1500;

/** Makes a message of the campaign: a function of seed and number alone. */
export function soakMail(seed: number, id: number): SoakMail {
  const random = seededRandom(seed * 31 + id * 6151);
  const content = pickContent(random());
  const recipients = 1 + (random() < 0.2 ? Math.floor(random() * 8) : 0);
  const givesUp = random() < 0.01;
  const lines =
    content === 'large' ? LARGE_LINES : 1 + Math.floor(random() * 9);
  const text = `Subject: ${id}\r\n\r\n${`.line of ${id}\r\n..\r\n`.repeat(lines)}`;
  return {
    id,
    content,
    recipients: Array.from({ length: recipients }, (_, n) => `r${n}@b.example`),
    lane: pick(['urgent', 'normal', 'normal', 'bulk'] as const, random),
    giveUp: givesUp
      ? {
          how: pick(['signal', 'timeout'] as const, random),
          ms: random() * 200,
        }
      : undefined,
    text: Buffer.from(text),
    leavesAtOnce: content === 'bytes',
  };
}

/** The number of the message that an envelope sender belongs to. */
export function idOf(sender: string): number {
  return Number(/m(\d+)@/.exec(sender)?.[1]);
}

/** The message as the client takes it. */
export function outgoingOf(mail: SoakMail): OutgoingMail {
  const { id, recipients } = mail;
  return {
    messageId: `<${id}@a.example>`,
    envelope: { from: `m${id}@a.example`, to: recipients },
    content: contentOf(mail),
  };
}

/** How it is sent. */
export function sendOptionsOf({ lane, giveUp }: SoakMail): SendOptions {
  if (giveUp === undefined) return { lane };
  const ms = Math.ceil(giveUp.ms);
  return giveUp.how === 'timeout'
    ? { lane, timeoutMs: ms }
    : { lane, signal: AbortSignal.timeout(ms) };
}

function pickContent(roll: number): SoakContent {
  if (roll < 0.85) return 'bytes';
  if (roll < 0.87) return 'large';
  return roll < 0.94 ? 'stream' : 'single-use';
}

function contentOf({ content, text }: SoakMail): OutgoingMail['content'] {
  if (content === 'bytes' || content === 'large') {
    return { kind: 'bytes', bytes: text };
  }
  const open = (): Readable => Readable.from(pieces(text));
  return { kind: 'stream', reusable: content === 'stream', open };
}

/** Pieces that end anywhere, also between a CR and its LF. */
function* pieces(text: Buffer): Generator<Buffer> {
  for (let at = 0; at < text.length; at += 17) {
    yield text.subarray(at, at + 17);
  }
}

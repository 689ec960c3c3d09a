import { Readable } from 'node:stream';
import type { OutgoingMail } from '../../../lib/delivery/carrier.js';
import type { Lane } from '../../../lib/pool/lane.js';
import type { SendOptions } from '../relay.js';
import { seededRandom } from '../seeded-random.js';
import { pick, type Stage } from './faults.js';

/** How a message is given to the client. */
type SoakContent = 'bytes' | 'large' | 'stream' | 'single-use';

/** When a sender loses patience: after a time, or as its server is at a stage. */
type GiveUp =
  | { readonly how: 'timeout'; readonly ms: number }
  | {
      readonly how: 'signal';
      readonly at: Stage;
      readonly controller: AbortController;
    };

/** One message of the campaign. */
export interface SoakMail {
  readonly id: number;
  readonly content: SoakContent;
  readonly recipients: readonly string[];
  readonly lane: Lane;

  readonly giveUp: GiveUp | undefined;

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
  const recipients = 1 + (random() < 0.4 ? Math.floor(random() * 8) : 0);
  const lines =
    content === 'large' ? LARGE_LINES : 1 + Math.floor(random() * 9);
  const text = `Subject: ${id}\r\n\r\n${`.line of ${id}\r\n..\r\n`.repeat(lines)}`;
  return {
    id,
    content,
    recipients: Array.from({ length: recipients }, (_, n) => `r${n}@b.example`),
    lane: pick(['urgent', 'normal', 'normal', 'bulk'] as const, random),
    giveUp: random() < 0.02 ? pickGiveUp(random) : undefined,
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
    sender: `m${id}@a.example`,
    envelope: { from: `m${id}@a.example`, to: recipients },
    content: contentOf(mail),
  };
}

/** How it is sent. */
export function sendOptionsOf({ lane, giveUp }: SoakMail): SendOptions {
  if (giveUp === undefined) return { lane };
  return giveUp.how === 'timeout'
    ? { lane, timeoutMs: giveUp.ms }
    : { lane, signal: giveUp.controller.signal };
}

function pickGiveUp(random: () => number): GiveUp {
  if (random() < 0.5) {
    return { how: 'timeout', ms: 1 + Math.floor(random() * 200) };
  }
  const at = pick(['mail', 'rcpt', 'data', 'dot'] as const, random);
  return { how: 'signal', at, controller: new AbortController() };
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

import type { Reply } from '../../lib/smtp/reply.js';
import { expectReply, shown, type NoReply, type Prober } from './prober.js';
import { authPlain, envelope, message, open, signIn } from './session.js';
import type { LiveSettings } from './settings.js';

/** How long an answer may take that may never come. */
const PATIENCE_MS = 15_000;

/** Whether commands written together were all answered well, and how. */
export interface Grouping {
  readonly accepted: boolean;
  readonly replies: readonly string[];
}

/** How long AUTH takes to be answered. */
export async function timeAuth(
  prober: Prober,
  settings: LiveSettings,
): Promise<number> {
  const began = performance.now();
  await prober.say(authPlain(settings), 235);
  return performance.now() - began;
}

/** The round trip as NOOP takes it: the rest of a time is the relay's work. */
export async function timeNoop(prober: Prober): Promise<number> {
  const began = performance.now();
  await prober.say('NOOP', 250);
  return performance.now() - began;
}

/** Sends messages one after the other: how long each final dot takes. */
export async function timeDots(
  prober: Prober,
  { from, to, messages }: LiveSettings,
): Promise<number[]> {
  const times: number[] = [];
  for (let n = 1; n <= messages; n += 1) {
    times.push(await sendOne(prober, from, to, `message ${n}`));
  }
  return times;
}

/** AUTH PLAIN and the first envelope in one write (RFC 4954 section 4). */
export async function askGroupedAuth(
  settings: LiveSettings,
): Promise<Grouping> {
  const { from, to } = settings;
  const { prober } = await open(settings);
  prober.write(authPlain(settings), ...envelope(from, to));
  const replies = await repliesTo(prober, [235, 250, 250, 354]);
  if (replies.accepted) {
    prober.raw(message(from, to, 'grouped AUTH'));
    expectReply(await prober.reply(), 250);
    await prober.quit();
  } else prober.destroy();
  return replies;
}

/** A body and the next envelope in one write (RFC 2920 section 3.1). */
export async function askOneFlight(settings: LiveSettings): Promise<Grouping> {
  const { from, to } = settings;
  const prober = await signIn(settings);
  prober.write(...envelope(from, to));
  const first = await repliesTo(prober, [250, 250, 354]);
  if (!first.accepted) {
    prober.destroy();
    return first;
  }
  const next = envelope(from, to).map((line) => `${line}\r\n`);
  prober.raw(message(from, to, 'one flight, first') + next.join(''));
  const replies = await repliesTo(prober, [250, 250, 250, 354]);
  if (replies.accepted) {
    prober.raw(message(from, to, 'one flight, second'));
    expectReply(await prober.reply(), 250);
    await prober.quit();
  } else prober.destroy();
  return replies;
}

/** What comes of the message after so many on one connection. */
export async function askCap(settings: LiveSettings): Promise<string> {
  const { from, cap } = settings;
  if (cap === undefined) throw new Error('`cap` is not set');
  const prober = await signIn(settings);
  try {
    for (let n = 1; n <= cap.messages + 1; n += 1) {
      const refusal = await trySend(prober, from, cap.sink, `message ${n}`);
      if (refusal !== undefined) return `message ${n}: ${shown(refusal)}`;
    }
    return `message ${cap.messages + 1}: accepted`;
  } finally {
    prober.destroy();
  }
}

/** When and how an idle connection is closed. */
export async function askIdle(settings: LiveSettings): Promise<string> {
  const prober = await signIn(settings);
  const began = performance.now();
  const end = await prober.reply(settings.idleMs);
  const seconds = Math.round((performance.now() - began) / 1000);
  prober.destroy();
  return end === 'silence'
    ? `still open after ${seconds} s`
    : `${shown(end)} after ${seconds} s`;
}

async function repliesTo(
  prober: Prober,
  codes: readonly number[],
): Promise<Grouping> {
  const replies: (Reply | NoReply)[] = [];
  for (const _ of codes) {
    const reply = await prober.reply(PATIENCE_MS);
    replies.push(reply);
    if (typeof reply === 'string') break;
  }
  const accepted = codes.every((code, index) => {
    const reply = replies[index];
    return typeof reply === 'object' && reply.code === code;
  });
  return { accepted, replies: replies.map((reply) => shown(reply)) };
}

async function sendOne(
  prober: Prober,
  from: string,
  to: string,
  what: string,
): Promise<number> {
  prober.write(...envelope(from, to));
  for (const code of [250, 250, 354]) expectReply(await prober.reply(), code);
  const began = performance.now();
  prober.raw(message(from, to, what));
  expectReply(await prober.reply(), 250);
  return performance.now() - began;
}

/** Sends one message; resolves with what came instead of the usual replies. */
async function trySend(
  prober: Prober,
  from: string,
  to: string,
  what: string,
): Promise<Reply | NoReply | undefined> {
  prober.write(...envelope(from, to));
  for (const code of [250, 250, 354, 250]) {
    const reply = await prober.reply();
    if (typeof reply === 'string' || reply.code !== code) return reply;
    if (code === 354) prober.raw(message(from, to, what));
  }
  return undefined;
}

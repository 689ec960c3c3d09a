// Queues as many messages as it is told for a relay that says nothing, has a
// part of them delivered once it speaks, and shuts down on the rest.
import { setImmediate as nextTurn } from 'node:timers/promises';
import { isMailError } from '../../../lib/errors/mail-error.js';
import { deliveriesTo, outgoing, send } from '../../support/relay.js';
import { perItem, settledMemory, type Memory } from './memory.js';
import type { RelayOptions } from './messages.js';
import { goAhead, parentSettings, tellParent } from './parent.js';
import { median, until, Watch } from './waiting.js';

/** How the program is started. */
export interface MillionQueuedSettings {
  readonly relay: RelayOptions;
  readonly messages: number;

  /** How many messages each figure of time is taken over. */
  readonly step: number;

  /** How many are delivered before the shutdown. */
  readonly deliver: number;
}

/** What it reports. */
export interface MillionQueuedResult {
  /**
   * Processor time of one message, in microseconds, step by step: of the
   * median thousand, and of all with the collection of garbage.
   */
  readonly enqueueUs: readonly number[];
  readonly enqueueUsWithGc: readonly number[];

  /** Processor time of one message from queue to receipt, tenth by tenth. */
  readonly deliverUs: readonly number[];

  /** What a queued message holds. */
  readonly each: Memory;

  /** Bytes counted once all were queued, and the bound. */
  readonly queuedBytes: number;
  readonly maxBytes: number;

  /** The code that one message more was refused with. */
  readonly refusedWith: string;

  /** How long the shutdown took with the rest, and of the processor. */
  readonly shutdownMs: number;
  readonly shutdownCpuMs: number;

  /** How often promises settled, and how. */
  readonly resolved: number;
  readonly rejected: Readonly<Record<string, number>>;

  /** What the ledger says, of every send there was. */
  readonly totals: Readonly<Record<string, number>>;
}

// The parent writes them from a value of this type.
// The parent writes them from a value of this type.
const { relay, messages, step, deliver } =
  parentSettings() as MillionQueuedSettings;

const CONTENT = Buffer.from('From: hello@shop.example\r\n\r\nHello\r\n');
const maxBytes = messages * CONTENT.length;

const deliveries = deliveriesTo(
  { options: relay },
  {
    // Room for one more message than for bytes.
    queue: { maxMessages: messages + 1, maxBytes },
    timeouts: { commandMs: 600_000 },
  },
);

let resolved = 0;
const rejected: Record<string, number> = {};
const envelope = { from: 'hello@shop.example', to: ['ada@example.com'] };

/** Sends one of many; its text is its own, as a composed message's is. */
function queueOne(n: number): void {
  const bytes = Buffer.from(CONTENT);
  const mail = outgoing(n, { envelope, content: { kind: 'bytes', bytes } });
  send(deliveries, mail).then(
    () => {
      resolved += 1;
    },
    (error: unknown) => {
      const code = isMailError(error) ? error.code : String(error);
      rejected[code] = (rejected[code] ?? 0) + 1;
    },
  );
}

/** Queues a thousand; returns the processor time each took. */
async function queueThousand(from: number): Promise<number> {
  const watch = new Watch();
  for (let n = from; n < from + 1000; n += 1) queueOne(n);
  // An application, too, does other things between its sends.
  await nextTurn();
  return watch.read().cpuMs;
}

const before = settledMemory();
const enqueueUs: number[] = [];
const enqueueUsWithGc: number[] = [];
for (let at = 0; at < messages; at += step) {
  const watch = new Watch();
  const thousands: number[] = [];
  for (let n = at; n < at + step; n += 1000) {
    thousands.push(await queueThousand(n));
  }
  enqueueUs.push(median(thousands));
  enqueueUsWithGc.push((watch.read().cpuMs * 1000) / step);
}
const each = perItem(before, settledMemory(), messages);
const queuedBytes = deliveries.stats().queue.bytes;

const refusedWith = await send(deliveries, outgoing('one more')).then(
  () => 'nothing',
  (error: unknown) => (isMailError(error) ? error.code : String(error)),
);

await tellParent({ queued: deliveries.stats().totals.pending });
await goAhead();

const deliverUs: number[] = [];
for (let tenth = 1; tenth <= 10; tenth += 1) {
  const watch = new Watch();
  const start = resolved;
  await until(() => resolved >= (deliver * tenth) / 10);
  deliverUs.push((watch.read().cpuMs * 1000) / (resolved - start));
}

const shutdown = new Watch();
deliveries.beginShutdown(1);
await deliveries.drain(1);
const { ms: shutdownMs, cpuMs: shutdownCpuMs } = shutdown.read();
// Whoever waits for a promise hears of it in the same turn.
await nextTurn();

const result: MillionQueuedResult = {
  enqueueUs,
  enqueueUsWithGc,
  deliverUs,
  each,
  queuedBytes,
  maxBytes,
  refusedWith,
  shutdownMs,
  shutdownCpuMs,
  resolved,
  rejected,
  totals: deliveries.stats().totals,
};
await tellParent(result);
process.disconnect();

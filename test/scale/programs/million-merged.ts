// Merges one message with as many recipients as it is told, in a run that is
// awaited and one that is iterated, and takes stock of its memory on the way.
import type { MergeRecipient } from '../../../lib/bulk/merge/merge-message.js';
import { MailService } from '../../../lib/mail.service.js';
import { SILENT } from '../../../lib/options/log.js';
import { resolveOptions } from '../../../lib/options/resolve-options.js';
import { openInstance } from '../../../lib/transport/open-instance.js';
import { settledMemory } from './memory.js';
import { parentSettings, tellParent } from './parent.js';
import { Watch } from './waiting.js';

/** How the program is started. */
export interface MillionMergedSettings {
  readonly recipients: number;

  /** After how many recipients it takes stock of its memory. */
  readonly step: number;
}

/** What one way of sending to them took. */
export interface MergeFigures {
  /** Bytes of the heap and outside of it that are in use, step by step. */
  readonly used: readonly number[];

  /** Processor time of one recipient, in microseconds. */
  readonly cpuUsEach: number;

  readonly accepted: number;
}

/** What it reports. */
export interface MillionMergedResult {
  readonly awaited: MergeFigures;
  readonly iterated: MergeFigures;

  /** How many SMTP messages there were in all. */
  readonly messages: number;
}

// The parent writes them from a value of this type.
const { recipients, step } = parentSettings() as MillionMergedSettings;
const options = resolveOptions({
  mode: 'discard',
  defaults: { from: 'shop@shop.example' },
});
const mail = new MailService(openInstance(options, 'scale', SILENT));

const message = {
  subject: 'For -name-',
  text: 'Hello -name-, your code is -code-',
  html: '<p>Hello -name-, your code is -code-</p>',
};

function used(): number {
  const { heapUsed, external } = settledMemory();
  return heapUsed + external;
}

/** The recipients, each made when it is asked for. */
function* source(count: number, stock: number[]): Generator<MergeRecipient> {
  for (let n = 0; n < count; n += 1) {
    if (n % step === 0) stock.push(used());
    yield {
      to: { name: `No. ${n}`, email: `no-${n}@example.com` },
      substitutions: { '-name-': `No. ${n} & Co.`, '-code-': n * 7 },
      customArgs: { recipient: n },
    };
  }
}

async function measure(
  send: (list: Iterable<MergeRecipient>) => Promise<number>,
): Promise<MergeFigures> {
  const stock: number[] = [];
  // What the first ones load and compile is nobody's share.
  await send(source(step / 10, []));
  const watch = new Watch();
  const accepted = await send(source(recipients, stock));
  const { cpuMs } = watch.read();
  stock.push(used());
  return { used: stock, accepted, cpuUsEach: (cpuMs * 1000) / recipients };
}

async function awaited(list: Iterable<MergeRecipient>): Promise<number> {
  const totals = await mail.sendMerge({ ...message, recipients: list });
  return totals.accepted;
}

async function iterated(list: Iterable<MergeRecipient>): Promise<number> {
  let accepted = 0;
  const run = mail.sendMerge({ ...message, recipients: list });
  for await (const { status } of run) {
    if (status === 'accepted') accepted += 1;
  }
  return accepted;
}

const result: MillionMergedResult = {
  awaited: await measure(awaited),
  iterated: await measure(iterated),
  messages: mail.stats().totals.accepted,
};
await tellParent(result);
process.disconnect();

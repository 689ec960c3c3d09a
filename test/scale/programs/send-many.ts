// Sends as many messages as it is told in runs that are awaited, iterated, and,
// to compare with, one by one, and takes stock of its memory on the way.
import type { MailMessage } from '../../../lib/message/mail-message.js';
import { MailService } from '../../../lib/mail.service.js';
import { SILENT } from '../../../lib/options/log.js';
import { resolveOptions } from '../../../lib/options/resolve-options.js';
import { openInstance } from '../../../lib/transport/open-instance.js';
import { settledMemory } from './memory.js';
import { parentSettings, tellParent } from './parent.js';
import { Watch } from './waiting.js';

/** How the program is started. */
export interface SendManySettings {
  readonly messages: number;

  /** After how many messages it takes stock of its memory. */
  readonly step: number;
}

/** What one way of sending them took. */
export interface SendManyFigures {
  /** Bytes of the heap that are in use, step by step. */
  readonly heapUsed: readonly number[];

  /** Processor time of one message, in microseconds. */
  readonly cpuUsEach: number;

  readonly accepted: number;
}

/** What it reports. */
export interface SendManyResult {
  readonly awaited: SendManyFigures;
  readonly iterated: SendManyFigures;
  readonly oneByOne: SendManyFigures;
}

// The parent writes them from a value of this type.
const { messages, step } = parentSettings() as SendManySettings;
const options = resolveOptions({
  mode: 'discard',
  defaults: { from: 'shop@shop.example' },
});
const mail = new MailService(openInstance(options, 'scale', SILENT));

/** The messages, each made when it is asked for. */
function* source(count: number, heapUsed: number[]): Generator<MailMessage> {
  for (let n = 0; n < count; n += 1) {
    if (n % step === 0) heapUsed.push(settledMemory().heapUsed);
    const to = `no-${n}@example.com`;
    yield { to, subject: `No. ${n}`, text: 'Hello', html: '<p>Hello</p>' };
  }
}

async function measure(
  send: (list: Iterable<MailMessage>) => Promise<number>,
): Promise<SendManyFigures> {
  const heapUsed: number[] = [];
  // What the first ones load and compile is nobody's share.
  await send(source(step / 10, []));
  const watch = new Watch();
  const accepted = await send(source(messages, heapUsed));
  const { cpuMs } = watch.read();
  heapUsed.push(settledMemory().heapUsed);
  return { heapUsed, accepted, cpuUsEach: (cpuMs * 1000) / messages };
}

async function awaited(list: Iterable<MailMessage>): Promise<number> {
  const totals = await mail.sendMany(list);
  return totals.accepted;
}

async function iterated(list: Iterable<MailMessage>): Promise<number> {
  let accepted = 0;
  for await (const { status } of mail.sendMany(list)) {
    if (status === 'accepted') accepted += 1;
  }
  return accepted;
}

async function oneByOne(list: Iterable<MailMessage>): Promise<number> {
  let accepted = 0;
  for (const message of list) {
    const receipt = await mail.send(message);
    accepted += receipt.accepted.length;
  }
  return accepted;
}

const result: SendManyResult = {
  oneByOne: await measure(oneByOne),
  awaited: await measure(awaited),
  iterated: await measure(iterated),
};
await tellParent(result);
process.disconnect();

// One producer or worker, alone in its process: orders come in, answers go out.
import { trusted } from '../trusted.js';
import type { QueueContestant } from './contestant.js';
import { mailerQueue } from './mailer.js';
import type { Moments, Order, ProcessSettings, Way } from './orders.js';
import { moment } from './orders.js';
import { ownQueue } from './own.js';

const BULK = 500;
const AT_ONCE = 50;

const settings = trusted<ProcessSettings>(JSON.parse(process.argv[2] ?? ''));
let opened: QueueContestant | undefined;
let made = 0;

function queue(): QueueContestant {
  if (opened === undefined) throw new Error('The queue is not open');
  return opened;
}

async function open(): Promise<null> {
  opened = await (settings.owner === 'own' ? ownQueue : mailerQueue)(settings);
  return null;
}

/** Enqueues over and over until the time is up; resolves with how many it was. */
async function enqueueUntil(way: Way, end: number): Promise<number> {
  let count = 0;
  while (performance.now() < end) {
    const size = way === 'in bulk' ? BULK : 1;
    const from = made;
    made += size;
    if (way === 'in bulk') await queue().enqueueMany(from, size);
    else await queue().enqueue(from);
    count += size;
  }
  return count;
}

async function rate(way: Way, seconds: number): Promise<number> {
  const lines = way === '50 at once' ? AT_ONCE : 1;
  const began = performance.now();
  const end = began + seconds * 1000;
  const counts = await Promise.all(
    Array.from({ length: lines }, () => enqueueUntil(way, end)),
  );
  const total = counts.reduce((sum, count) => sum + count, 0);
  return total / ((performance.now() - began) / 1000);
}

async function fill(count: number): Promise<null> {
  for (let done = 0; done < count; done += BULK) {
    await queue().enqueueMany(done, Math.min(BULK, count - done));
  }
  return null;
}

async function steady(perSecond: number, seconds: number): Promise<Moments> {
  const count = perSecond * seconds;
  const began = performance.now();
  const enqueued: Promise<[string, number]>[] = [];
  for (let n = 0; n < count; n += 1) {
    const due = began + (n * 1000) / perSecond;
    await new Promise((resolve) => {
      setTimeout(resolve, Math.max(0, due - performance.now()));
    });
    const at = moment();
    enqueued.push(
      queue()
        .enqueue(n)
        .then((key) => [key, at]),
    );
  }
  return Promise.all(enqueued);
}

function perform(order: Order): unknown {
  switch (order.kind) {
    case 'load':
      return null;
    case 'open':
      return open();
    case 'rate':
      return rate(order.way, order.seconds);
    case 'fill':
      return fill(order.count);
    case 'steady':
      return steady(order.perSecond, order.seconds);
    case 'work':
      return queue().work();
  }
}

process.on('message', (message) => {
  const answered = Promise.resolve(perform(trusted<Order>(message)));
  void answered.then((answer) => process.send?.({ answer }));
});
// The parent is gone, and with it every reason to go on.
process.on('disconnect', () => process.exit());

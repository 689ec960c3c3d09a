// Opens as many connections as it is told, takes stock while all are idle, and
// sends one message on each, the relay keeping its replies back meanwhile.
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { RelayOptions } from './messages.js';
import { perItem, settledMemory, type Memory } from './memory.js';
import { goAhead, parentSettings, tellParent } from './parent.js';
import { allIdle, Watch } from './waiting.js';
import { deliveriesTo, outgoing, send } from '../../support/relay.js';

/** How the program is started. */
export interface ManyConnectionsSettings {
  readonly relay: RelayOptions;
  readonly connections: number;
}

/** What it reports. */
export interface ManyConnectionsResult {
  readonly rampMs: number;

  /** Processor time of one set-up, in microseconds. */
  readonly cpuUsEach: number;

  /** What a connection holds: fresh, and after its first message. */
  readonly idle: Memory;
  readonly used: Memory;

  readonly sendMs: number;
  readonly drainMs: number;

  /** How many messages the client was told were accepted. */
  readonly accepted: number;
}

// The parent writes them from a value of this type.
const { relay, connections } = parentSettings() as ManyConnectionsSettings;

// What the first connection loads and compiles is nobody's share.
const first = deliveriesTo({ options: relay }, { pool: { maxConnections: 1 } });
for (let i = 0; i < 100; i += 1) await send(first, outgoing(`first-${i}`));
await first.drain(5000);

const before = settledMemory();
const ramp = new Watch();
const deliveries = deliveriesTo(
  { options: relay },
  {
    pool: {
      maxConnections: connections,
      minConnections: connections,
      // None is to be replaced, however long the others take.
      maxLifetimeMs: 3_600_000,
    },
  },
);
await allIdle(deliveries, connections);
const { ms: rampMs, cpuMs } = ramp.read();
const idle = perItem(before, settledMemory(), connections);

const sending = new Watch();
const envelope = { from: 'each@shop.example', to: ['ada@example.com'] };
const sends: Promise<unknown>[] = [];
for (let n = 0; n < connections; n += 1) {
  sends.push(send(deliveries, outgoing(n, { envelope })));
  // A turn of the event loop that takes seconds looks like a freeze.
  if (n % 100 === 0) await nextTurn();
}
await tellParent({ busy: deliveries.stats().connections.busy });
await goAhead();
const outcomes = await Promise.allSettled(sends);
const { ms: sendMs } = sending.read();
const used = perItem(before, settledMemory(), connections);

const draining = new Watch();
await deliveries.drain(60_000);

const result: ManyConnectionsResult = {
  rampMs,
  cpuUsEach: (cpuMs * 1000) / connections,
  idle,
  used,
  sendMs,
  drainMs: draining.read().ms,
  accepted: outcomes.filter(({ status }) => status === 'fulfilled').length,
};
await tellParent(result);
process.disconnect();

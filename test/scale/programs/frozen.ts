// Brings connections into every state a freeze may find them in, waits to be
// frozen and thawed, sends on, and reports how each message ended.
import type { Deliveries } from '../../../lib/delivery/deliveries.js';
import { isMailError } from '../../../lib/errors/mail-error.js';
import { deliveriesTo, outgoing, send } from '../../support/relay.js';
import type { RelayOptions } from './messages.js';
import { goAhead, parentSettings, tellParent } from './parent.js';
import { allIdle } from './waiting.js';

/** How the program is started. */
export interface FrozenSettings {
  readonly relay: RelayOptions;

  /** How many messages of each kind. */
  readonly count: number;

  /** Whether there are any before the freeze, or idle connections only. */
  readonly busy: boolean;
}

/** How one message ended. */
export interface Fate {
  readonly sender: string;
  readonly ending: 'accepted' | 'rejected' | 'unknown' | 'not-sent';
  readonly attempts?: number;
  readonly error?: string;
}

/** The senders' names: by them the relay knows where to say nothing. */
export type FrozenKind =
  'dot' | 'envelope' | 'body' | 'ride' | 'late' | 'later';

// The parent writes them from a value of this type.
const { relay, count, busy } = parentSettings() as FrozenSettings;
/** More than the buffers between two processes hold. */
const LARGE = Buffer.alloc(12_582_912, `${'x'.repeat(76)}\r\n`);
const HEAD = Buffer.from('From: hello@shop.example\r\n\r\n');

// They run out while the process is frozen, though the relay has answered.
const timeouts = { commandMs: 30_000, acceptMs: 30_000 };
const queue = { maxBytes: 1_073_741_824 };
const overrides = { timeouts, queue };
const held = 4 * count;
const deliveries = deliveriesTo(
  { options: relay },
  {
    ...overrides,
    pool: {
      minConnections: held,
      maxConnections: held,
      pipelining: 'envelope',
    },
  },
);
const riding = deliveriesTo(
  { options: relay },
  { ...overrides, pool: { maxConnections: count, pipelining: 'oneflight' } },
);

async function fate(
  kind: FrozenKind,
  n: number,
  by: Deliveries,
  large = false,
): Promise<Fate> {
  const sender = `${kind}.${n}@shop.example`;
  const mail = outgoing(`${kind}-${n}`, {
    envelope: { from: sender, to: ['ada@example.com'] },
    ...(large
      ? { content: { kind: 'bytes', bytes: Buffer.concat([HEAD, LARGE]) } }
      : {}),
  });
  try {
    const { attempts } = await send(by, mail);
    return { sender, ending: 'accepted', attempts };
  } catch (error) {
    if (!isMailError(error)) throw error;
    const { deliveryState, code, message } = error;
    const refused = code === 'REJECTED' ? 'rejected' : deliveryState;
    return { sender, ending: refused, error: message };
  }
}

function several(
  kind: FrozenKind,
  many: number,
  by: Deliveries,
  large = false,
): Promise<Fate>[] {
  return Array.from({ length: many }, (_, n) => fate(kind, n, by, large));
}

await allIdle(deliveries, held);
const pending = busy
  ? [
      ...several('dot', count, deliveries),
      ...several('envelope', count, deliveries),
      ...several('body', count, deliveries, true),
      // Twice as many as there are connections: half of them ride.
      ...several('ride', 2 * count, riding),
    ]
  : [];
await tellParent({ ready: true });
await goAhead();

pending.push(
  ...several('late', held, deliveries),
  ...several('later', held, riding),
);
const fates = await Promise.all(pending);
await Promise.all([deliveries.drain(10_000), riding.drain(10_000)]);
await tellParent(fates);
process.disconnect();

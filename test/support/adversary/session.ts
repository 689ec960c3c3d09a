import type { SendGridSmtpOptions } from '../../../lib/options/sendgrid-smtp-options.js';
import { deliveriesTo, outgoing, send } from '../relay.js';
import { ScriptedServer, type Script } from '../scripted-server.js';
import { nameOf, setUpOf, wireOf } from './transcript.js';
import { verdictOf } from './verdicts.js';
import { SEED, type Mode, type Way } from './ways.js';

/** A session to play: how, with what answers, and how many messages. */
export interface SessionSettings extends Way {
  readonly mode: Mode | 'auto';
  readonly script: Script;
  readonly messages?: number;
  readonly options?: Partial<SendGridSmtpOptions>;
  /** Whether the replies of the set-up are cut as well. */
  readonly cut?: 'all' | 'mail';
}

/** What came of a session, as both sides saw it. */
export interface Played {
  /** What the sender of each message was told. */
  readonly verdicts: readonly string[];

  /** The messages that the server took, in order; `.` for an empty one. */
  readonly accepted: readonly string[];

  /** What was written on each connection once it was set up. */
  readonly wire: readonly string[];
}

/** A session, what was said to set up its first connection, and the account. */
export interface PlayedSetUp extends Played {
  readonly setUp: string;
  readonly account: string;
}

/** The two recipients that each message has. */
export const ENVELOPE = {
  from: 'hello@shop.example',
  to: ['a@example.com', 'b@example.com'],
};

/** Long enough for a busy machine; a hang is a failure all the same. */
const TIMEOUTS = { greetingMs: 8000, commandMs: 8000, acceptMs: 8000 };

/** Sends messages 1, 2, 3... at once over one connection at a time. */
export async function playSession(settings: SessionSettings): Promise<Played> {
  const { verdicts, accepted, wire } = await playWhole(settings);
  return { verdicts, accepted, wire };
}

/** As {@link playSession}, with what was said to set up. */
export async function playWhole({
  mode,
  script,
  messages = 3,
  options,
  cut = 'mail',
  ...way
}: SessionSettings): Promise<PlayedSetUp> {
  const manner = { ...way, cut, seed: SEED };
  const server = await ScriptedServer.start(script, manner);
  try {
    const deliveries = deliveriesTo(server, {
      pool: { maxConnections: 1, pipelining: mode },
      timeouts: TIMEOUTS,
      ...options,
    });
    const sends = Array.from({ length: messages }, (_, index) =>
      send(deliveries, outgoing(index + 1, { envelope: ENVELOPE })),
    );
    const results = await Promise.allSettled(sends);
    const { account } = deliveries.stats();
    await deliveries.drain(2000);
    return {
      verdicts: results.map(verdictOf),
      accepted: server.accepted.map(nameOf),
      wire: wireOf(server),
      setUp: setUpOf(server),
      account,
    };
  } finally {
    await server.stop();
  }
}

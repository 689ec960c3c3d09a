import { Deliveries } from '../../lib/delivery/deliveries.js';
import type { OutgoingMail } from '../../lib/delivery/carrier.js';
import type { MailStats } from '../../lib/delivery/stats.js';
import { isMailError } from '../../lib/errors/mail-error.js';
import { resolveOptions } from '../../lib/options/resolve-options.js';
import type {
  Pipelining,
  ResolvedOptions,
} from '../../lib/options/resolved-options.js';
import type { FakeSendGrid } from '../../lib/testing/fake-sendgrid.js';
import { CuttingProxy, type Cut, type Direction } from './cutting-proxy.js';
import { send } from './relay.js';
import { telling } from './telling.js';

/** How a message ended for its sender. */
export type Verdict = 'accepted' | 'rejected' | 'unknown' | 'not-sent';

/** One session through a proxy, to be run. */
export interface CutSession {
  readonly name: string;
  readonly messages: number;
  readonly cut?: Cut;
}

/** What came of a session. */
export interface CutReport {
  readonly session: CutSession;

  /** The verdict on each message; its text is that of {@link textOf}. */
  readonly verdicts: readonly Verdict[];
  readonly totals: MailStats['totals'];
  readonly pipelining: MailStats['pipelining'];
  readonly connections: number;

  /** What passed over the first connection. */
  readonly passed: Readonly<Record<Direction, string>>;
}

/** Longer than all back-off and any busy machine; only a hang takes it. */
const HANG_MS = 60_000;

/** Options for any number of sessions with a relay, validated once. */
export function cutOptions(
  relay: FakeSendGrid,
  pipelining: Pipelining,
): ResolvedOptions {
  const { tls, ...plain } = relay.options;
  return resolveOptions({
    ...plain,
    // Each instance reads it, which costs more than a session in the clear.
    ...(plain.security === 'none' ? {} : { tls }),
    pool: { maxConnections: 1, pipelining },
    queue: { failFastAfterMs: HANG_MS },
    timeouts: { connectMs: HANG_MS, greetingMs: HANG_MS, commandMs: HANG_MS },
  });
}

/** The whole of a message: what a relay has under this text was this one. */
export function textOf(session: CutSession, n: number): string {
  return `${session.name} ${n}\r\n`;
}

/** Sends the messages of a session over one connection at a time. */
export async function runCutSession(
  options: ResolvedOptions,
  session: CutSession,
): Promise<CutReport> {
  const { messages, cut } = session;
  const proxy = await CuttingProxy.start(options.relay.port, cut);
  const deliveries = new Deliveries(
    { ...options, relay: { ...options.relay, port: proxy.port } },
    telling(),
  );
  const settled = Promise.all(
    Array.from({ length: messages }, async (_, n) =>
      verdictOn(send(deliveries, mailOf(session, n))),
    ),
  );
  const verdicts = await inTime(settled, session.name);
  const { totals, pipelining } = deliveries.stats();
  await inTime(deliveries.drain(HANG_MS), `${session.name} (drain)`);
  await proxy.stop();
  const { connections, passed } = proxy;
  return { session, verdicts, totals, pipelining, connections, passed };
}

function mailOf(session: CutSession, n: number): OutgoingMail {
  return {
    messageId: `<${n}@b.c>`,
    sender: 'a@b.c',
    envelope: { from: 'a@b.c', to: ['d@e.f'] },
    content: { kind: 'bytes', bytes: Buffer.from(textOf(session, n)) },
  };
}

async function verdictOn(sent: Promise<unknown>): Promise<Verdict> {
  try {
    await sent;
    return 'accepted';
  } catch (error) {
    if (!isMailError(error)) throw error;
    return error.code === 'REJECTED' ? 'rejected' : error.deliveryState;
  }
}

async function inTime<T>(promise: Promise<T>, what: string): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${what} hangs`)), HANG_MS);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}

import type { Pipelining } from '../../../lib/options/resolved-options.js';
import type { Deliveries } from '../../../lib/delivery/deliveries.js';
import { PerHost } from '../../../lib/smtp/per-host.js';
import { deliveriesTo, send } from '../relay.js';
import type { FaultPlan } from './faults.js';
import { FaultyRelay, type SoakSecurity } from './faulty-relay.js';
import type { SoakRetry } from './course.js';
import { discrepanciesOf, duplicatesOf } from './reconcile.js';
import { SoakBook } from './soak-book.js';
import {
  outgoingOf,
  sendOptionsOf,
  soakMail,
  type SoakMail,
} from './soak-mail.js';
import { verdictOf, type SoakVerdict } from './verdict.js';

/** Longer than any busy machine needs, since an early end is a wrong verdict. */
const PATIENCE_MS = 1500;

/** Messages that one client sends to one server in one way. */
export interface Round {
  readonly pipelining: Pipelining;
  readonly security: SoakSecurity;
  readonly maxConnections: number;
  readonly retry: SoakRetry;
  readonly seed: number;
  readonly plan: FaultPlan;

  /** The number of the first message, and how many there are. */
  readonly from: number;
  readonly messages: number;
}

/** What came of a round. */
export interface RoundReport {
  readonly struck: ReadonlyMap<string, number>;
  readonly verdicts: readonly SoakVerdict['kind'][];

  /** Attempts that the server has seen, and recipients that got a message twice. */
  readonly attempts: number;
  readonly duplicates: number;
  readonly discrepancies: readonly string[];
}

/** Sends the messages of a round all at once and compares both ledgers. */
export async function runRound(round: Round): Promise<RoundReport> {
  const { seed, from, messages } = round;
  const mails = Array.from({ length: messages }, (_, n) =>
    soakMail(seed, from + n),
  );
  // Another server may have had the same port.
  PerHost.forgetAll();
  const book = new SoakBook(round.plan, mails);
  const relay = await FaultyRelay.start(book, round.security);
  const deliveries = deliveriesTo(relay, optionsOf(round));
  const verdicts = await Promise.all(
    mails.map((mail) =>
      verdictOf(send(deliveries, outgoingOf(mail), sendOptionsOf(mail))),
    ),
  );
  const kinds = verdicts.map(({ kind }) => kind);
  const wrongTotals = totalsWrongs(deliveries, kinds);
  await deliveries.drain(10_000);
  await relay.stop();
  const { pipelining, security, maxConnections, retry } = round;
  const wrong = mails.flatMap((mail, n) => {
    const verdict = verdicts[n];
    return verdict === undefined
      ? []
      : discrepanciesOf(mail, verdict, book, retry);
  });
  const sum = (of: (mail: SoakMail) => number): number =>
    mails.reduce((total, mail) => total + of(mail), 0);
  return {
    attempts: sum(({ id }) => book.attemptsOf(id).length),
    duplicates: sum((mail) => duplicatesOf(mail, book)),
    struck: book.struck,
    verdicts: kinds,
    discrepancies: [...wrong, ...book.findings, ...wrongTotals].map(
      (what) =>
        `${pipelining}, ${security}, ${maxConnections} connections: ${what}`,
    ),
  };
}

function optionsOf({
  pipelining,
  maxConnections,
  messages,
  retry,
}: Round): Parameters<typeof deliveriesTo>[1] {
  return {
    pool: { maxConnections, pipelining },
    // Nothing here becomes too old.
    retry: { ...retry, baseDelayMs: 5, maxDelayMs: 50, maxAgeMs: 600_000 },
    // An outage here ends by itself: nothing has to fail for it.
    queue: {
      maxMessages: messages,
      maxBytes: 2 ** 31,
      failFastAfterMs: 600_000,
    },
    timeouts: {
      greetingMs: PATIENCE_MS,
      commandMs: PATIENCE_MS,
      acceptMs: PATIENCE_MS,
    },
  };
}

/** The client's own counts have to say the same. */
function totalsWrongs(
  deliveries: Deliveries,
  kinds: readonly SoakVerdict['kind'][],
): string[] {
  const count = (wanted: SoakVerdict['kind']): number =>
    kinds.filter((kind) => kind === wanted).length;
  const expected = {
    submitted: kinds.length,
    accepted: count('accepted'),
    rejected: count('rejected'),
    unknown: count('unknown'),
    notSent: count('not-sent'),
    pending: 0,
  };
  const totals = JSON.stringify(deliveries.stats().totals);
  return totals === JSON.stringify(expected) ? [] : [`totals are ${totals}`];
}

import type { Pipelining } from '../../../lib/options/resolved-options.js';
import type { Deliveries } from '../../../lib/delivery/deliveries.js';
import { PerHost } from '../../../lib/smtp/per-host.js';
import { deliveriesTo, send } from '../relay.js';
import type { FaultPlan } from './faults.js';
import { FaultyRelay, type SoakSecurity } from './faulty-relay.js';
import { discrepanciesOf } from './reconcile.js';
import { SoakBook } from './soak-book.js';
import { outgoingOf, sendOptionsOf, soakMail } from './soak-mail.js';
import { verdictOf, type SoakVerdict } from './verdict.js';

/** Longer than any busy machine needs, since an early end is a wrong verdict. */
const PATIENCE_MS = 1500;

/** Messages that one client sends to one server in one way. */
export interface Round {
  readonly pipelining: Pipelining;
  readonly security: SoakSecurity;
  readonly maxConnections: number;
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
  const wrong = mails.flatMap((mail, n) => {
    const verdict = verdicts[n];
    return verdict === undefined ? [] : discrepanciesOf(mail, verdict, book);
  });
  const { pipelining, security, maxConnections } = round;
  return {
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
}: Round): Parameters<typeof deliveriesTo>[1] {
  return {
    pool: { maxConnections, pipelining },
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

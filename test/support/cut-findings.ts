import type { FakeSendGrid } from '../../lib/testing/fake-sendgrid.js';
import { textOf, type CutReport } from './cut-session.js';

/** How often a relay has accepted each text. */
export function acceptedBy(relay: FakeSendGrid): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { raw } of relay.messages) {
    const text = raw.toString('latin1');
    counts.set(text, (counts.get(text) ?? 0) + 1);
  }
  return counts;
}

/** How many bodies were asked for and answered, by what came down to the client. */
function repliesIn(down: string): { goAheads: number; answers: number } {
  return {
    goAheads: down.match(/^354 .*\r\n/gm)?.length ?? 0,
    answers: down.match(/^250 Ok: queued as .*\r\n/gm)?.length ?? 0,
  };
}

/** Everything that is wrong with a session, given what the relay accepted. */
export function findingsOn(
  report: CutReport,
  accepted: ReadonlyMap<string, number>,
): string[] {
  const { session, verdicts, totals } = report;
  const { goAheads, answers } = repliesIn(report.passed.down);
  const history = `${goAheads} bodies were asked for and ${answers} answered`;
  const found: string[] = [];
  verdicts.forEach((verdict, n) => {
    const times = accepted.get(textOf(session, n)) ?? 0;
    if (times > 1) found.push(`message ${n} was accepted ${times} times`);
    if (verdict === 'accepted' && times === 0) {
      found.push(`message ${n} is said to be accepted and is not`);
    }
    // After the cut the way is free again: nothing has to stay behind, and
    // only what left whole and was not answered is unknown.
    const due = n < goAheads && n >= answers ? 'unknown' : 'accepted';
    if (verdict !== due) {
      found.push(
        `message ${n} is ${verdict}, not ${due}: ${history}, the relay has it ${times} times`,
      );
    }
  });
  const count = (wanted: string): number =>
    verdicts.filter((verdict) => verdict === wanted).length;
  if (count('unknown') > 1) found.push('more than one message is unknown');
  const expected = {
    submitted: session.messages,
    accepted: count('accepted'),
    rejected: count('rejected'),
    unknown: count('unknown'),
    notSent: count('not-sent'),
    pending: 0,
  };
  if (JSON.stringify(totals) !== JSON.stringify(expected)) {
    found.push(`the totals are ${JSON.stringify(totals)}`);
  }
  return found.map((finding) => `${session.name}: ${finding}`);
}

import type { FakeSendGrid } from '../../lib/testing/fake-sendgrid.js';
import { textOf, type CutReport, type Verdict } from './cut-session.js';

/** How often a relay has accepted each text. */
export function acceptedBy(relay: FakeSendGrid): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { raw } of relay.messages) {
    const text = raw.toString('latin1');
    counts.set(text, (counts.get(text) ?? 0) + 1);
  }
  return counts;
}

/** Everything that is wrong with a session, given what the relay accepted. */
export function findingsOn(
  report: CutReport,
  accepted: ReadonlyMap<string, number>,
): string[] {
  const { session, verdicts, passed } = report;
  const found = verdicts.flatMap((verdict, n) => {
    const times = accepted.get(textOf(session, n)) ?? 0;
    const due = dueVerdicts(passed.down, n);
    const fits = verdict !== 'accepted' || times > 0;
    if (times <= 1 && fits && due.includes(verdict)) return [];
    return [
      `message ${n} is ${verdict}, due was ${due.join(' or ')}, and the relay has it ${times} times`,
    ];
  });
  const unknown = verdicts.filter((verdict) => verdict === 'unknown').length;
  if (unknown > 1) found.push('more than one message is unknown');
  return [...found, ...totalsFindings(report)].map(
    (finding) => `${session.name}: ${finding}`,
  );
}

/**
 * What the n-th message may end as. After the cut the way is free again, so
 * nothing has to stay behind; unknown is what was asked for and not answered.
 */
function dueVerdicts(down: string, n: number): readonly Verdict[] {
  const readable = down === '' || down.startsWith('220'.slice(0, down.length));
  if (!readable || /^220 Begin TLS/m.test(down)) return ['accepted', 'unknown'];
  const asked = down.match(/^354 .*\r\n/gm)?.length ?? 0;
  const answered = down.match(/^250 Ok: queued as .*\r\n/gm)?.length ?? 0;
  return n < asked && n >= answered ? ['unknown'] : ['accepted'];
}

function totalsFindings({ session, verdicts, totals }: CutReport): string[] {
  const count = (wanted: Verdict): number =>
    verdicts.filter((verdict) => verdict === wanted).length;
  const expected = {
    submitted: session.messages,
    accepted: count('accepted'),
    rejected: count('rejected'),
    unknown: count('unknown'),
    notSent: count('not-sent'),
    pending: 0,
  };
  const found = JSON.stringify(totals);
  return found === JSON.stringify(expected) ? [] : [`the totals are ${found}`];
}

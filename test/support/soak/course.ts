import type { RecipientOutcome } from '../../../lib/errors/recipient-outcome.js';
import type { Attempt, Outcome } from './attempt.js';
import type { SoakMail } from './soak-mail.js';

type State = RecipientOutcome['state'];

/** What a client does with what failed. */
export interface SoakRetry {
  readonly maxAttempts: number;
  readonly onUnknown: 'fail' | 'retry';
}

/** One way in which the attempts so far can have gone for the client. */
export interface Course {
  /** Who is still to be offered; `true` when they may have it already. */
  readonly open: ReadonlyMap<string, boolean>;
  readonly ended: ReadonlyMap<string, State>;
  readonly tries: number;

  /** Whether the client is done. */
  readonly over: boolean;
}

/** Before the first attempt. */
export function startOf({ recipients }: SoakMail): Course {
  const open = new Map(recipients.map((address) => [address, false]));
  return { open, ended: new Map(), tries: 0, over: false };
}

/** Every way in which one more attempt may have gone. */
export function coursesAfter(
  course: Course,
  attempt: Attempt,
  mail: SoakMail,
  retry: SoakRetry,
): Course[] {
  const open = [...course.open.keys()];
  const { asked } = attempt;
  if (course.over || String(open.slice(0, asked.length)) !== String(asked)) {
    return [];
  }
  return attempt.outcomes.flatMap((outcome) => {
    if (outcome === 'moved') return moved(course, attempt, mail);
    const next = answered(course, attempt, outcome);
    return [decided(next, outcome, attempt, mail, retry)];
  });
}

/** Ends whoever is open. */
export function endedAs(course: Course, as: State): Course {
  const ended = new Map(course.ended);
  for (const [address, doubtful] of course.open) {
    ended.set(address, doubtful ? 'unknown' : as);
  }
  return { ...course, open: new Map(), ended, over: true };
}

/** A single-use body is gone once reading began, which only the client knows. */
function moved(course: Course, { goAhead }: Attempt, mail: SoakMail): Course[] {
  const spent = mail.content === 'single-use' && goAhead;
  return spent ? [course, endedAs(course, 'not-sent')] : [course];
}

/** Files what an attempt says of each recipient. */
function answered(course: Course, attempt: Attempt, outcome: Outcome): Course {
  const open = new Map<string, boolean>();
  const ended = new Map(course.ended);
  for (const [address, doubtful] of course.open) {
    const code = codeFor(address, attempt, outcome);
    if (code === undefined && outcome === 'accepted') {
      ended.set(address, 'accepted');
    } else if (code === undefined) open.set(address, true);
    else if (code < 500) open.set(address, doubtful);
    else ended.set(address, doubtful ? 'unknown' : 'rejected');
  }
  return { ...course, open, ended };
}

/** What a recipient was refused with, by name or with the message. */
function codeFor(
  address: string,
  { refused, refusal }: Attempt,
  outcome: Outcome,
): number | undefined {
  if (outcome !== 'rejected') return refused.get(address);
  const own = refusal?.command === 'MAIL FROM' ? undefined : refused;
  return own?.get(address) ?? refusal?.code;
}

/** Whether there is another attempt. */
function decided(
  course: Course,
  outcome: Outcome,
  { refusal, goAhead }: Attempt,
  mail: SoakMail,
  { maxAttempts, onUnknown }: SoakRetry,
): Course {
  const tries = course.tries + 1;
  const begun = refusal?.command === 'DATA' && goAhead;
  const read = outcome !== 'rejected' || begun;
  const spent = mail.content === 'single-use' && read;
  const fails = outcome === 'unknown' && onUnknown === 'fail';
  const last = tries >= maxAttempts || spent || fails;
  if (last) return endedAs({ ...course, tries }, 'rejected');
  return { ...course, tries, over: course.open.size === 0 };
}

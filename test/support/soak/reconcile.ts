import type { Attempt } from './attempt.js';
import {
  coursesAfter,
  endedAs,
  startOf,
  type Course,
  type SoakRetry,
} from './course.js';
import type { SoakBook } from './soak-book.js';
import type { SoakMail } from './soak-mail.js';
import { statesOf, type SoakVerdict } from './verdict.js';

/** Compares what a sender was told with what the server did, exactly. */
export function discrepanciesOf(
  mail: SoakMail,
  verdict: SoakVerdict,
  book: SoakBook,
  retry: SoakRetry,
): string[] {
  const attempts = book.attemptsOf(mail.id);
  const wrong = [
    ...acceptanceWrongs(mail, verdict, attempts, retry),
    ...courseWrongs(mail, verdict, attempts, retry),
    ...refusalWrongs(verdict, attempts),
  ];
  if (wrong.length === 0) return [];
  const history = attempts.map(String).join('; ');
  const { id, content, recipients } = mail;
  return [
    `message ${id} (${content}, ${recipients.length} recipients, ${retry.onUnknown}) ${wrong.join(', ')}; ${history}`,
  ];
}

/** How often messages were taken more than once for a recipient. */
export function duplicatesOf(mail: SoakMail, book: SoakBook): number {
  const attempts = book.attemptsOf(mail.id);
  return mail.recipients.filter(
    (address) => takings(address, attempts).length > 1,
  ).length;
}

/** What the server has must have been reported as it is, and be there once. */
function acceptanceWrongs(
  { recipients }: SoakMail,
  verdict: SoakVerdict,
  attempts: readonly Attempt[],
  { onUnknown }: SoakRetry,
): string[] {
  const states = statesOf(verdict);
  return recipients.flatMap((address) => {
    const taken = takings(address, attempts);
    const state = states?.get(address) ?? 'not-sent';
    const wrong: string[] = [];
    const answered = taken
      .slice(0, -1)
      .filter(({ outcomes }) => !outcomes.includes('unknown'));
    if (answered.length > 0 || (taken.length > 1 && onUnknown === 'fail')) {
      wrong.push(`was taken ${taken.length} times for ${address}`);
    }
    const told = state === 'accepted' || state === 'unknown';
    if (taken.length > 0 && !told) {
      wrong.push(`was taken for ${address}, who is said to be ${state}`);
    }
    if (taken.length === 0 && state === 'accepted') {
      wrong.push(`is said to be accepted for ${address} and was not taken`);
    }
    return wrong;
  });
}

function takings(address: string, attempts: readonly Attempt[]): Attempt[] {
  return attempts.filter(
    ({ taken, recipients }) => taken && recipients.includes(address),
  );
}

/** What was told must be where some way through the attempts ends. */
function courseWrongs(
  mail: SoakMail,
  verdict: SoakVerdict,
  attempts: readonly Attempt[],
  retry: SoakRetry,
): string[] {
  let before: Course[] = [];
  let courses = [startOf(mail)];
  for (const attempt of attempts) {
    before = courses;
    courses = before.flatMap((course) =>
      coursesAfter(course, attempt, mail, retry),
    );
    if (courses.length === 0) {
      return [`was offered once more on connection ${attempt.connection}`];
    }
  }
  const last = attempts.at(-1);
  const ends = [
    ...courses.filter(({ over }) => over),
    ...(mail.giveUp === undefined ? [] : givenUp(courses, before, last)),
  ];
  const states = statesOf(verdict);
  const told = (address: string): string => states?.get(address) ?? 'not-sent';
  const possible = ends.some(({ ended }) =>
    [...ended].every(([address, state]) => told(address) === state),
  );
  if (possible) return [];
  const said = mail.recipients.map(told).join(', ');
  return [`is said to be ${said} (${reasonOf(verdict)})`];
}

/** Where those may end who do not wait any more: before the dot, or after it. */
function givenUp(
  courses: readonly Course[],
  before: readonly Course[],
  last: Attempt | undefined,
): Course[] {
  const waiting = courses.filter(({ over }) => !over);
  const ends = waiting.map((course) => endedAs(course, 'not-sent'));
  if (last === undefined) return ends;
  const unread = last.dot ? [] : before;
  ends.push(...unread.map((course) => endedAs(course, 'not-sent')));
  const asked = last.goAhead ? before : [];
  return [...ends, ...asked.map((course) => endedAs(course, 'unknown'))];
}

function refusalWrongs(
  verdict: SoakVerdict,
  attempts: readonly Attempt[],
): string[] {
  if (verdict.kind !== 'rejected') return [];
  const { responseCode, command } = verdict.error;
  const refusal = attempts.at(-1)?.refusal;
  const said = `${command} ${responseCode}`;
  const due = `${refusal?.command} ${refusal?.code}`;
  return said === due ? [] : [`is said to be rejected by ${said}, not ${due}`];
}

function reasonOf(verdict: SoakVerdict): string {
  return verdict.kind === 'accepted' ? verdict.kind : verdict.error.message;
}

import type { Attempt } from './attempt.js';
import type { SoakBook } from './soak-book.js';
import type { SoakMail } from './soak-mail.js';
import { wasGivenUp, type SoakVerdict } from './verdict.js';

/** Compares what a sender was told with what the server did, exactly. */
export function discrepanciesOf(
  mail: SoakMail,
  verdict: SoakVerdict,
  book: SoakBook,
): string[] {
  const attempts = book.attemptsOf(mail.id);
  const wrong = [
    ...acceptanceWrongs(verdict, attempts),
    ...(wasGivenUp(verdict)
      ? givenUpWrongs(verdict, attempts)
      : outcomeWrongs(mail, verdict, attempts)),
  ];
  if (wrong.length === 0) return [];
  const history = attempts.map(String).join('; ');
  const { id, content, recipients } = mail;
  return [
    `message ${id} (${content}, ${recipients.length} recipients) ${wrong.join(', ')}; ${history}`,
  ];
}

/** What the server has must have been reported as it is, and be there once. */
function acceptanceWrongs(
  { kind }: SoakVerdict,
  attempts: readonly Attempt[],
): string[] {
  const taken = attempts.filter((attempt) => attempt.taken).length;
  const wrong: string[] = [];
  if (taken > 1) wrong.push(`was taken ${taken} times`);
  if (taken > 0 && (kind === 'rejected' || kind === 'not-sent')) {
    wrong.push(`was taken and is said to be ${kind}`);
  }
  if (taken === 0 && kind === 'accepted') {
    wrong.push('is said to be accepted and was not taken');
  }
  return wrong;
}

/** A sender who gave up is told apart before and after the dot. */
function givenUpWrongs(
  { kind }: SoakVerdict,
  attempts: readonly Attempt[],
): string[] {
  const dots = attempts.filter(({ dot }) => dot).length;
  if (kind === 'not-sent' && dots > 0) {
    return ['was given up as not sent although its dot was out'];
  }
  const asked = attempts.at(-1)?.goAhead ?? false;
  return kind === 'unknown' && !asked
    ? ['was given up as unknown although no body was asked for']
    : [];
}

function outcomeWrongs(
  mail: SoakMail,
  verdict: SoakVerdict,
  attempts: readonly Attempt[],
): string[] {
  const wrong = attempts
    .slice(0, -1)
    .filter(({ outcomes }) => !outcomes.includes('moved'))
    .map(({ connection }) => `was tried again after connection ${connection}`);
  const last = attempts.at(-1);
  const kind = verdict.kind === 'not-sent' ? 'moved' : verdict.kind;
  if (last?.outcomes.includes(kind) !== true) {
    return [...wrong, `is said to be ${wordsFor(verdict)}`];
  }
  return [...wrong, ...detailWrongs(mail, verdict, last)];
}

function detailWrongs(
  mail: SoakMail,
  verdict: SoakVerdict,
  last: Attempt,
): string[] {
  switch (verdict.kind) {
    case 'accepted': {
      const { accepted } = verdict.receipt;
      const same = String(accepted) === String(last.recipients);
      return same ? [] : [`is said to be accepted for ${String(accepted)}`];
    }
    case 'rejected': {
      const { responseCode, command } = verdict.error;
      const said = `${command} ${responseCode}`;
      const due = `${last.refusal?.command} ${last.refusal?.code}`;
      return said === due
        ? []
        : [`is said to be rejected by ${said}, not ${due}`];
    }
    case 'not-sent': {
      // Nothing else stands in the way of another attempt.
      const spent = mail.content === 'single-use' && last.goAhead;
      return spent ? [] : [`is not sent: ${verdict.error.message}`];
    }
    case 'unknown':
      return [];
  }
}

function wordsFor(verdict: SoakVerdict): string {
  return verdict.kind === 'accepted'
    ? verdict.kind
    : `${verdict.kind} (${verdict.error.message})`;
}

import { isMailError } from '../../../lib/errors/mail-error.js';
import type { MailStats } from '../../../lib/delivery/stats.js';
import type { Post } from './post.js';
import type { PostedMail } from './posted-mail.js';
import type { MailBook } from './relay-book.js';

/** What is wrong with the ledger of a {@link Post} at this moment. */
export function ledgerWrongs(post: Post): string[] {
  return [
    ...totalsWrongs(post),
    ...post.mails.flatMap((mail) => {
      const book = post.relay.book.of(mail.id);
      const wrong = mailWrongs(mail, book, post);
      return wrong.map((what) => `message ${mail.id} ${what}`);
    }),
  ];
}

function totalsWrongs({ deliveries, mails, options }: Post): string[] {
  const count = (as: string | undefined): number =>
    mails.filter(({ told }) => told?.as === as).length;
  const expected: MailStats['totals'] = {
    submitted: mails.length,
    accepted: count('accepted'),
    rejected: count('rejected'),
    unknown: count('unknown'),
    notSent: count('notSent'),
    pending: count(undefined),
  };
  const { totals, queue, connections } = deliveries.stats();
  const wrong: string[] = [];
  const [has, due] = [JSON.stringify(totals), JSON.stringify(expected)];
  if (has !== due) wrong.push(`totals are ${has}, not ${due}`);
  const { urgent, normal, bulk } = queue.byLane;
  const waiting = urgent.messages + normal.messages + bulk.messages;
  if (waiting > queue.messages || queue.messages > totals.pending) {
    wrong.push(
      `${waiting} wait, ${queue.messages} have a place, ${totals.pending} are pending`,
    );
  }
  if (queue.messages === 0 && queue.bytes !== 0) {
    wrong.push(`nothing holds ${queue.bytes} bytes`);
  }
  if (connections.open > (options.pool?.maxConnections ?? 0)) {
    wrong.push(`${connections.open} connections are open`);
  }
  return wrong;
}

function mailWrongs(mail: PostedMail, book: MailBook, post: Post): string[] {
  const { told } = mail;
  const wrong = repetitionWrongs(mail, book, post);
  if (told === undefined) return wrong;
  // Not every failure comes so far that there is an event of it.
  const ended = post.ended.get(mail.messageId) ?? 0;
  if (ended > 1) wrong.push(`ended ${ended} times`);
  const { outcomes } = mail;
  if (outcomes === undefined) {
    if (book.offered > 0) wrong.push('was offered and has no outcomes');
    const unsure = told.as === 'unknown';
    if (book.taken.length > 0 && !unsure)
      wrong.push(`was taken, not ${told.as}`);
    return wrong;
  }
  const named = outcomes.map(({ address }) => address);
  if (String(named) !== String(mail.recipients)) {
    wrong.push(`has outcomes of ${String(named)}`);
  }
  for (const { address, state } of outcomes) {
    const doubt = isGivenUp(mail) || book.dotted.has(address);
    if (state === 'unknown' && !doubt) wrong.push(`${address} is unknown`);
    const what = recipientWrong(book, address, state);
    if (what !== undefined) wrong.push(`${address} ${what}`);
  }
  const states = outcomes.map(({ state }) => state);
  const due = endingOf(states, told.as);
  if (due !== told.as) {
    wrong.push(`is said to be ${told.as} with ${states.join(', ')}`);
  }
  return wrong;
}

/** Nothing is there twice, but for what was sent again on purpose. */
function repetitionWrongs(
  { recipients }: PostedMail,
  book: MailBook,
  { options: { retry } }: Post,
): string[] {
  const wrong: string[] = [];
  const extra = retry.onUnknown === 'retry' ? book.unanswered : 0;
  for (const address of recipients) {
    const times = book.takenFor(address);
    if (times > 1 + extra)
      wrong.push(`was taken ${times} times for ${address}`);
  }
  const { maxAttempts = 1 } = retry;
  if (book.refusals > maxAttempts) {
    wrong.push(`was refused ${book.refusals} times`);
  }
  return wrong;
}

/** Whether nobody waited for what became of it. */
function isGivenUp({ told }: PostedMail): boolean {
  // A receipt does not tell.
  if (told === undefined || told.as === 'accepted') return true;
  return isMailError(told.error.cause);
}

function recipientWrong(
  book: MailBook,
  address: string,
  state: string,
): string | undefined {
  const taken = book.takenFor(address);
  switch (state) {
    case 'accepted':
      return taken === 0 ? 'is accepted and was not taken' : undefined;
    case 'unknown':
      return undefined;
    case 'rejected':
      if (!book.refusedWhole && !book.refused.has(address)) {
        return 'is rejected and was not refused';
      }
      return taken > 0 ? 'is rejected and was taken' : undefined;
    default:
      return taken > 0 ? `is ${state} and was taken` : undefined;
  }
}

/** What a message has ended as whose recipients have ended so. */
function endingOf(states: readonly string[], said: string): string {
  if (states.includes('accepted')) return 'accepted';
  if (states.includes('unknown')) return 'unknown';
  // One that is given up may have been refused to some before.
  return states.includes('not-sent') ? 'notSent' : said;
}

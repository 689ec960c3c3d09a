import { checkQuery, isMatch } from './compare-mail.js';
import { describeMiss, describeQuery, describeSent } from './describe-mail.js';
import type { TestMail } from './mail-facts.js';
import type { MailQuery } from './mail-query.js';
import { mailsOf, type MailSource } from './mail-source.js';

/** Whether mail was sent as expected, and what to say of it. */
export interface Judgement<Mail extends TestMail> {
  readonly pass: boolean;

  /** Says why it does not pass; or, when it does, why its opposite does not. */
  readonly message: () => string;
  readonly found: readonly Mail[];
}

/** Judges whether such a message was sent; `times` says how many, else any number. */
export function judgeSent<Mail extends TestMail>(
  source: MailSource<Mail>,
  query: MailQuery = {},
  times?: number,
): Judgement<Mail> {
  checkQuery(query);
  const mails = mailsOf(source);
  const found = mails.filter((mail) => isMatch(query, mail));
  const pass = times === undefined ? found.length > 0 : found.length === times;
  const wanted = describeQuery(query);
  const often = times === undefined ? '' : ` ${times} times`;
  const message = (): string => {
    if (pass) {
      return `Expected ${wanted} not to have been sent${often}, but it was:\n${describeSent(found)}`;
    }
    const expected = `Expected ${wanted} to have been sent${often}`;
    return found.length > 0
      ? `${expected}, but it was ${found.length} times:\n${describeSent(found)}`
      : `${expected}, but it was not.\n${describeMiss(query, mails)}`;
  };
  return { pass, message, found };
}

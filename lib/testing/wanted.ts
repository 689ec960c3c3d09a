import { checkQuery, isMatch } from './compare-mail.js';
import { describeQuery } from './describe-mail.js';
import type { TestMail } from './mail-facts.js';
import type { MailQuery } from './mail-query.js';

/** What is waited for. */
export interface Wanted<Mail> {
  /** The messages that were waited for, once they are there. */
  readonly find: (mails: readonly Mail[]) => readonly Mail[] | undefined;

  /** The same in words. */
  readonly wanted: string;
}

/** Reads what `waitFor` was given. */
export function wantedMail<Mail extends TestMail>(
  what: number | MailQuery | ((mail: Mail) => boolean),
): Wanted<Mail> {
  if (typeof what === 'number') {
    return {
      find: (mails) =>
        mails.length >= what ? mails.slice(0, what) : undefined,
      wanted: `${what} messages`,
    };
  }
  if (typeof what === 'function') {
    return { find: first(what), wanted: 'a certain message' };
  }
  checkQuery(what);
  return {
    find: first((mail) => isMatch(what, mail)),
    wanted: describeQuery(what),
  };
}

function first<Mail>(matches: (mail: Mail) => boolean): Wanted<Mail>['find'] {
  return (mails) => {
    const found = mails.find((mail) => matches(mail));
    return found && [found];
  };
}

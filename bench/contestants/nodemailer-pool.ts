import { createTransport } from 'nodemailer';
import { FROM, inTurn, mailOf, preparedMails, recipients } from '../mail.js';
import type { Load, Sender, Target } from './contestant.js';
import { nodemailerOptions } from './nodemailer-options.js';

/** nodemailer's own pool, composing each message. */
export function nodemailerComposed(target: Target, _load: Load): Sender {
  const mailer = createTransport(nodemailerOptions(target));
  return {
    send: (n) => mailer.sendMail(mailOf(n)),
    close: () => mailer.close(),
  };
}

/** nodemailer's own pool, given finished messages as `raw`. */
export function nodemailerPrepared(target: Target, load: Load): Sender {
  const mailer = createTransport(nodemailerOptions(target));
  const mails = preparedMails(load.size);
  const envelope = { from: FROM, to: recipients(load.recipients) };
  return {
    send: (n) => mailer.sendMail({ envelope, raw: inTurn(mails, n) }),
    close: () => mailer.close(),
  };
}

import { createTransport } from 'nodemailer';
import { SendGridTransport } from '../../lib/transport/sendgrid-transport.js';
import { FROM, inTurn, mailOf, preparedMails, recipients } from '../mail.js';
import type { Load, Sender, Target } from './contestant.js';
import { ownOptions } from './own-options.js';

/** This library as a transport of nodemailer, given finished messages as `raw`. */
export function ownRaw(target: Target, load: Load): Sender {
  const mailer = createTransport(new SendGridTransport(ownOptions(target)));
  const mails = preparedMails(load.size);
  const envelope = { from: FROM, to: recipients(load.recipients) };
  return {
    send: (n) => mailer.sendMail({ envelope, raw: inTurn(mails, n) }),
    close: () => mailer.close(),
  };
}

/** This library as a transport of nodemailer, without Nest. */
export function ownTransport(target: Target, _load: Load): Sender {
  const mailer = createTransport(new SendGridTransport(ownOptions(target)));
  return {
    send: (n) => mailer.sendMail(mailOf(n)),
    close: () => mailer.close(),
  };
}

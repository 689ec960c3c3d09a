import { createTransport } from 'nodemailer';
import { SendGridTransport } from '../../lib/transport/sendgrid-transport.js';
import { MAIL } from '../mail.js';
import type { Load, Sender, Target } from './contestant.js';
import { ownOptions } from './own-options.js';

/** This library as a transport of nodemailer, without Nest. */
export function ownTransport(target: Target, _load: Load): Sender {
  const mailer = createTransport(new SendGridTransport(ownOptions(target)));
  return {
    send: () => mailer.sendMail({ ...MAIL }),
    close: () => mailer.close(),
  };
}

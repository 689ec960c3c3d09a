import type { Transporter } from 'nodemailer';
import Mailer from 'nodemailer/lib/mailer';
import type { SendReceipt } from './delivery/receipt.js';
import { guardPlugin } from './transport/guard-plugin.js';
import type { MailLine } from './transport/mail-line.js';
import { SendGridTransport } from './transport/sendgrid-transport.js';

/** Makes the nodemailer that composes an instance's messages. */
export function createMailer(line: MailLine): Transporter<SendReceipt> {
  const { dkim, plugins } = line.options;
  const mailer = new Mailer<SendReceipt>(new SendGridTransport(line), { dkim });
  for (const { step, plugin } of plugins) mailer.use(step, guardPlugin(plugin));
  return mailer;
}

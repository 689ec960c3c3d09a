import type { Transporter } from 'nodemailer';
import Mailer from 'nodemailer/lib/mailer';
import type { SendReceipt } from './delivery/receipt.js';
import { guardPlugin } from './transport/guard-plugin.js';
import type { MailLine } from './transport/mail-line.js';
import { SendGridTransport } from './transport/sendgrid-transport.js';

const mailers = new WeakMap<MailLine, Transporter<SendReceipt>>();

/** The nodemailer that composes the messages of a line, made on first use. */
export function mailerOf(line: MailLine): Transporter<SendReceipt> {
  const existing = mailers.get(line);
  if (existing !== undefined) return existing;
  const mailer = createMailer(line);
  mailers.set(line, mailer);
  return mailer;
}

function createMailer(line: MailLine): Transporter<SendReceipt> {
  const { dkim, plugins } = line.options;
  const mailer = new Mailer<SendReceipt>(new SendGridTransport(line), { dkim });
  for (const { step, plugin } of plugins) mailer.use(step, guardPlugin(plugin));
  return mailer;
}

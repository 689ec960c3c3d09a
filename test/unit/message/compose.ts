import { createTransport } from 'nodemailer';
import type { DKIMOptions, PluginFunction, SendMailOptions } from 'nodemailer';

import { admitMessage } from '../../../lib/message/admit-message.js';
import type { ContentAccess } from '../../../lib/message/content-access.js';
import type { MailMessage } from '../../../lib/message/mail-message.js';
import { mergeDefaults } from '../../../lib/message/merge-defaults.js';
import type { MimeTree } from '../../../lib/message/mime-tree.js';

export interface ComposeOptions {
  readonly admit?: boolean;
  readonly access?: ContentAccess;
  readonly defaults?: SendMailOptions;
  readonly dkim?: DKIMOptions;
  readonly compile?: PluginFunction;
  readonly stream?: PluginFunction;
}

export const LIMITS = {
  maxStreamBytes: 1024 * 1024,
  maxMessageBytes: 30 * 1024 * 1024,
};

/** Composes through nodemailer's own Mailer and hands back its MIME tree. */
export async function compose(
  message: MailMessage,
  options: ComposeOptions = {},
): Promise<MimeTree> {
  let tree: MimeTree | undefined;
  const mailer = createTransport(
    {
      name: 'capture',
      version: '1',
      send(mail, done) {
        tree = mail.message;
        done(null, { envelope: mail.message.getEnvelope(), messageId: '' });
      },
    },
    options.defaults,
  );
  mailer.use('compile', (mail, done) => {
    try {
      if (options.admit !== false) {
        admitMessage(mail.data, options.access);
      }
      done();
    } catch (error) {
      done(error as Error);
    }
  });
  if (options.compile) mailer.use('compile', options.compile);
  if (options.stream) mailer.use('stream', options.stream);
  const dkim = options.dkim === undefined ? {} : { dkim: options.dkim };
  await mailer.sendMail({ ...mergeDefaults({}, message), ...dkim });
  if (tree === undefined) throw new Error('nothing was composed');
  return tree;
}

/** A message that is complete without further fields. */
export function plain(fields: MailMessage = {}): MailMessage {
  return {
    from: 'Shop <shop@shop.example>',
    to: 'ann@example.com',
    subject: 'Hello',
    text: 'Hello there',
    date: new Date(0),
    messageId: '<1@shop.example>',
    baseBoundary: 'boundary',
    ...fields,
  };
}

import type { SendMailOptions } from 'nodemailer';
import { mailerOf } from './create-mailer.js';
import type { MailMessage } from './message/mail-message.js';
import { mergeDefaults } from './message/merge-defaults.js';
import { renderMessage } from './render-message.js';
import { composeAtOnce } from './transport/compose-at-once.js';
import type { SendCallback } from './transport/compose.js';
import type { MailLine } from './transport/mail-line.js';
import { messageIdOf } from './transport/message-id.js';
import { TICKET_FIELD, type SendTicket } from './transport/send-ticket.js';

/** Without the option, `template` is left to plugins of nodemailer, if there are any. */
export function rendersTemplates({
  options: { templates, plugins },
}: MailLine): boolean {
  return templates !== undefined || plugins.length === 0;
}

/**
 * Renders the template of a message, then starts it, unless it was given up
 * meanwhile.
 *
 * @param messageId - what was promised, if anything
 */
export function startRendered(
  line: MailLine,
  message: MailMessage,
  ticket: SendTicket,
  callback: SendCallback,
  messageId: string | undefined,
): void {
  const { defaults, templates } = line.options;
  renderMessage(message, templates)
    .then((whole) => {
      // It has been settled meanwhile, and its place is somebody else's.
      if (ticket.refusal !== undefined) return;
      const data = mergeDefaults(defaults, whole);
      if (messageId !== undefined && messageIdOf(data) === undefined) {
        data.messageId = messageId;
      }
      start(line, data, ticket, callback);
    })
    .catch(callback);
}

/** Composes a message, the quickest way that does for it, and has it carried. */
export function start(
  line: MailLine,
  data: SendMailOptions,
  ticket: SendTicket,
  callback: SendCallback,
): void {
  const { options } = line;
  const { dkim, plugins, redirect } = options;
  const isPlain =
    dkim === undefined && plugins.length === 0 && redirect === undefined;
  const mail = isPlain ? composeAtOnce(data, options) : undefined;
  if (mail === undefined) {
    const fields = { ...data, [TICKET_FIELD]: ticket };
    mailerOf(line).sendMail(fields, callback);
  } else {
    line
      .carry(mail, data, ticket)
      .then((receipt) => callback(null, receipt), callback);
  }
}

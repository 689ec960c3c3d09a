import { isFields, type Fields } from './header-entries.js';
import { invalidMessage } from './invalid-message.js';

/**
 * Readies a message for `attachDataUrls`, for which nodemailer reads `html`
 * and extends the list of attachments before the message is admitted.
 *
 * @throws MailError `INVALID_MESSAGE` when `html` is a function, which
 * nodemailer would turn into text instead of calling it
 */
export function prepareDataUrls(data: Fields): void {
  if (!data['attachDataUrls']) return;
  const { html, attachments } = data;
  const content = isFields(html) ? html['content'] : html;
  if (typeof content === 'function') {
    throw invalidMessage(
      '`attachDataUrls` cannot be used with a function as `html`. Pass the ' +
        'HTML as a string.',
    );
  }
  if (Array.isArray(attachments)) data['attachments'] = [...attachments];
}

import { isFields, type Fields } from './header-entries.js';
import { invalidMessage } from './invalid-message.js';
import { isDataUri } from './located-content.js';

/**
 * Readies a message for `attachDataUrls`, for which nodemailer reads `html`
 * and extends the list of attachments before the message is admitted.
 *
 * @throws MailError `INVALID_MESSAGE` when `html` is a function, which
 * nodemailer would turn into text instead of calling it, or a file or URL,
 * which nodemailer would have to read itself
 */
export function prepareDataUrls(data: Fields): void {
  if (!data['attachDataUrls']) return;
  const { html, attachments } = data;
  const content = isFields(html) ? html['content'] : html;
  if (typeof content === 'function' || [html, content].some(isLocation)) {
    throw invalidMessage(
      '`attachDataUrls` cannot be used with a function, a file or a URL as ' +
        '`html`. Pass the HTML as a string.',
    );
  }
  if (Array.isArray(attachments)) data['attachments'] = [...attachments];
}

function isLocation(value: unknown): boolean {
  if (!isFields(value) || typeof value['pipe'] === 'function') return false;
  return Boolean(value['path'] || value['href']) && !isDataUri(value);
}

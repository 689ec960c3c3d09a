import { Readable } from 'node:stream';
import { isFields, type Fields } from '../../message/header-entries.js';

const CONTENTS = ['text', 'html', 'watchHtml', 'amp', 'icalEvent'];
const LISTS = ['attachments', 'alternatives'];

/** The name of a field whose content can be read only once, if there is one. */
export function singleUseField(message: Fields): string | undefined {
  const single = CONTENTS.find((field) => isSingleUse(message[field]));
  if (single !== undefined) return single;
  return LISTS.find((field) => {
    const parts: unknown = message[field];
    return Array.isArray(parts) && parts.some(isSingleUse);
  });
}

function isSingleUse(part: unknown): boolean {
  if (part instanceof Readable) return true;
  if (!isFields(part)) return false;
  return part['content'] instanceof Readable || part['raw'] instanceof Readable;
}

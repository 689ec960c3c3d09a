import MimeNode from 'nodemailer/lib/mime-node';

import type { DirectFields } from './direct-fields.js';
import {
  encodeDate,
  encodeHeader,
  encodeMessageId,
  encodeText,
} from './header-encoder.js';
import { headerLine } from './header-line.js';

/** The address headers of a message, encoded; empty where it has none. */
export interface AddressTexts {
  readonly from: string;
  readonly sender: string;
  readonly to: string;
  readonly cc: string;
  readonly replyTo: string;
}

// A node that is not the root writes its own headers only; a boundary of its own saves entropy.
const PARENT = new MimeNode();
const CHILD = { rootNode: PARENT, baseBoundary: '-' };

const PRIORITIES = new Map([
  ['high', priorityLines('1 (Highest)', 'High')],
  ['low', priorityLines('5 (Lowest)', 'Low')],
]);

/**
 * Writes the headers that come before those of the content, in nodemailer's
 * order.
 */
export function directHeaders(
  fields: DirectFields,
  { from, sender, to, cc, replyTo }: AddressTexts,
): string {
  const { inReplyTo, references, subject, messageId, date, priority } = fields;
  return (
    furtherHeaders(fields.headers) +
    headerLine('From', from) +
    headerLine('Sender', sender) +
    headerLine('To', to) +
    headerLine('Cc', cc) +
    headerLine('Reply-To', replyTo) +
    headerLine(
      'In-Reply-To',
      inReplyTo && encodeHeader('In-Reply-To', inReplyTo),
    ) +
    headerLine(
      'References',
      references && encodeHeader('References', references),
    ) +
    headerLine('Subject', subject && encodeText(subject)) +
    headerLine('Message-ID', messageId && encodeMessageId(messageId)) +
    headerLine('Date', date && encodeDate(date)) +
    (PRIORITIES.get(priority?.toLowerCase() ?? '') ?? '')
  );
}

// nodemailer's spelling of their names is no public function, so a node writes them.
function furtherHeaders(headers: DirectFields['headers'] = {}): string {
  if (Object.keys(headers).length === 0) return '';
  const node = new MimeNode(undefined, CHILD);
  for (const [name, value] of Object.entries(headers)) {
    node.addHeader(name, value);
  }
  const lines = node.buildHeaders();
  return lines === '' ? '' : `${lines}\r\n`;
}

function priorityLines(priority: string, importance: string): string {
  return (
    headerLine('X-Priority', priority) +
    headerLine('X-Msmail-Priority', importance) +
    headerLine('Importance', importance)
  );
}

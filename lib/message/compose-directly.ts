import type { SendMailOptions } from 'nodemailer';

import type { Content } from '../smtp/content.js';
import type { Envelope } from '../smtp/envelope.js';
import type { Addressee } from './addressees.js';
import { admitMessage } from './admit-message.js';
import { assignIds } from './assign-ids.js';
import { directAddresses, directSender } from './direct-addresses.js';
import { directBody } from './direct-body.js';
import { hasDirectFields, type DirectFields } from './direct-fields.js';
import { directHeaders, type AddressTexts } from './direct-headers.js';
import { currentDate, encodeMessageId } from './header-encoder.js';
import { isPlainHead } from './header-block.js';
import { headerLine } from './header-line.js';
import { joinMessage } from './pieces.js';
import { inMemory, sized, type MessageLimits } from './serialize.js';
import {
  NO_SMTP_API,
  type SmtpApiHeader,
} from './x-smtpapi/smtp-api-header.js';

/** A composed and checked message. */
export interface ComposedMail {
  readonly messageId: string;
  readonly mailId?: string | undefined;
  readonly sender: string;
  readonly envelope: Envelope;
  readonly content: Content;
}

/** More recipients are left to nodemailer, which bounds them. */
const MAX_RECIPIENTS = 10_000;

interface Addressing {
  readonly texts: AddressTexts;
  readonly envelope: Envelope;
}

/**
 * Composes a message of the common kind, text and HTML without attachments,
 * byte for byte as nodemailer's MIME tree would, at a part of its cost, behind
 * the X-SMTPAPI header. Any other message gives undefined and must take the
 * tree.
 *
 * `data` is admitted and given its ids in place.
 *
 * @param sole - whom it is addressed to instead of `to`
 * @throws MailError `INVALID_MESSAGE` or `SENDER`, as on the way over the tree
 */
export function composeDirectly(
  data: SendMailOptions,
  limits: MessageLimits,
  { text: front, mailId }: SmtpApiHeader = NO_SMTP_API,
  sole?: Addressee,
): ComposedMail | undefined {
  if (!hasDirectFields(data)) return undefined;
  admitMessage(data);
  assignIds(data);
  // As nodemailer leaves it, for who reads the fields of captured messages.
  data.headers ??= {};
  const addressing = addressingOf(data, sole ?? data.to);
  if (addressing === undefined) return undefined;
  return {
    messageId: encodeMessageId(data.messageId ?? ''),
    mailId,
    sender: addressing.envelope.from,
    envelope: addressing.envelope,
    content: write(front, data, addressing.texts, limits),
  };
}

function addressingOf(
  fields: DirectFields,
  addressees: unknown,
): Addressing | undefined {
  const from = directSender(fields.from);
  const sender = directAddresses(fields.sender);
  const to = directAddresses(addressees);
  const cc = directAddresses(fields.cc);
  const bcc = directAddresses(fields.bcc);
  const replyTo = directAddresses(fields.replyTo);
  if (!from || !sender || !to || !cc || !bcc || !replyTo) return undefined;
  const [sentFrom] = from.addresses;
  const recipients = [
    ...new Set([...to.addresses, ...cc.addresses, ...bcc.addresses]),
  ];
  if (sentFrom === undefined) return undefined;
  if (recipients.length === 0 || recipients.length > MAX_RECIPIENTS) {
    return undefined;
  }
  return {
    texts: {
      from: from.text,
      sender: sender.text,
      to: to.text,
      cc: cc.text,
      replyTo: replyTo.text,
    },
    envelope: { from: sentFrom, to: recipients },
  };
}

function write(
  front: string,
  fields: DirectFields,
  texts: AddressTexts,
  limits: MessageLimits,
): Content {
  const { text = '', html = '', baseBoundary = '', date } = fields;
  const body = directBody(text, html, baseBoundary);
  const headers =
    directHeaders(fields, texts) +
    headerLine('Content-Transfer-Encoding', body.encoding) +
    (date ? '' : headerLine('Date', currentDate())) +
    'MIME-Version: 1.0\r\n' +
    headerLine('Content-Type', body.type);
  const bytes = joinMessage([`${front}${headers}\r\n`, ...body.pieces]);
  if (limits.allowedFrom !== undefined || !isPlainHead(headers)) {
    return inMemory(bytes, limits, front.length);
  }
  return sized(bytes, limits.maxMessageBytes, body.isWire);
}

import MimeNode, { type MimeNodeHeaderValue } from 'nodemailer/lib/mime-node';

// One node for all messages, since making one costs more than encoding does.
const ENCODER = new MimeNode();

// What nodemailer leaves as it is, unless it looks like an encoded word.
const PLAIN_TEXT = /^[\t !#-~]*$/;
const PLAIN_ID = /^<[ -~]*>$/;

/** Encodes the value of a header as nodemailer writes it, on one line. */
export function encodeHeader(name: string, value: MimeNodeHeaderValue): string {
  return ENCODER.encodeHeaderValue(name, value);
}

/** Encodes the text of a header that has no structure, such as Subject. */
export function encodeText(text: string): string {
  return PLAIN_TEXT.test(text) && !text.includes('=?')
    ? text
    : encodeHeader('Subject', text);
}

/** Encodes a Message-ID, adding the angle brackets where they are missing. */
export function encodeMessageId(id: unknown): string {
  const text = String(id);
  return PLAIN_ID.test(text) ? text : encodeHeader('Message-ID', text);
}

/** Encodes a date; a text is taken for one that was written already. */
export function encodeDate(date: Date | string): string {
  return typeof date === 'string'
    ? encodeHeader('Date', date)
    : date.toUTCString().replace('GMT', '+0000');
}

let thisSecond = Number.NaN;
let thisDate = '';

/** The present date, written once a second. */
export function currentDate(): string {
  const second = Math.floor(Date.now() / 1000);
  if (second !== thisSecond) {
    thisSecond = second;
    thisDate = encodeDate(new Date(second * 1000));
  }
  return thisDate;
}

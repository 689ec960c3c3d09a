import { ADDRESS_HEADERS } from './header-entries.js';
import { invalidMessage } from './invalid-message.js';

const CR = 0x0d;
const LF = 0x0a;
const MAX_LINE_OCTETS = 998;

/** Header names that may not leave, in lower case. */
const FORBIDDEN = new Set(['bcc', 'x-smtpapi']);

/**
 * Checks the header block of a message in the form in which it leaves, where
 * CRLF, a lone CR and a lone LF all end a line. The block ends at the first
 * empty line, or with the bytes. What comes before `offset` is headers of our
 * own and not checked.
 *
 * @returns where the block ends, before the empty line
 * @throws MailError `INVALID_MESSAGE` unless every line is `name: value` or a
 * fold, of at most 998 octets and without NUL; for a Bcc or X-SMTPAPI header,
 * and for an address header that is not ASCII; when there is no From or no
 * header at all
 */
export function checkHeaderBlock(bytes: Buffer, offset: number): number {
  let hasFrom = false;
  let current = '';
  let start = offset;
  while (start < bytes.length) {
    const end = lineEnd(bytes, start);
    if (end === start) break;
    const line = bytes.toString('latin1', start, end);
    current = checkLine(line, start === offset) ?? current;
    if (current === 'from') hasFrom = true;
    if (ADDRESS_HEADERS.has(current)) refuseNonAscii(line, current);
    start = end + (bytes[end] === CR && bytes[end + 1] === LF ? 2 : 1);
  }
  if (start === offset) {
    throw invalidMessage(
      'The message has no header block. A raw message starts with its headers.',
    );
  }
  if (!hasFrom) {
    throw invalidMessage('The message has no From header. Set `from`.');
  }
  return start;
}

// ASCII, in lines that end in CRLF and that no dot begins.
const PLAIN_HEAD =
  /^(?:(?!bcc:|x-smtpapi:|\.)[!-9;-~]{1,96}:[\t -~]{0,900}\r\n(?:[\t ][\t -~]{0,900}\r\n)*)+$/i;

/**
 * Whether headers are in the form that composing gives nearly all of them, so
 * that {@link checkHeaderBlock} would pass them and they may follow DATA as
 * they are. A fraction of its work.
 */
export function isPlainHead(headers: string): boolean {
  const hasFrom =
    headers.startsWith('From: ') || headers.includes('\r\nFrom: ');
  return hasFrom && PLAIN_HEAD.test(headers);
}

function lineEnd(bytes: Buffer, start: number): number {
  let end = start;
  while (end < bytes.length && bytes[end] !== CR && bytes[end] !== LF) end += 1;
  return end;
}

/** Checks one line and returns the header's name; a fold has none. */
function checkLine(line: string, isFirst: boolean): string | undefined {
  if (line.length > MAX_LINE_OCTETS) {
    throw invalidMessage(
      `A header line has ${line.length} octets; ${MAX_LINE_OCTETS} are ` +
        'allowed. Shorten it or fold it at white space.',
    );
  }
  if (line.includes('\0')) {
    throw invalidMessage('A header holds NUL. Remove it.');
  }
  const isFold = line.startsWith(' ') || line.startsWith('\t');
  if (isFold && !isFirst) return undefined;
  const name = /^([!-9;-~]+):/.exec(line)?.[1]?.toLowerCase();
  if (name === undefined) {
    throw invalidMessage(
      'The header block holds a line that is neither `name: value` nor a ' +
        'fold. Check the headers, or the raw message.',
    );
  }
  if (FORBIDDEN.has(name)) throw forbidden(name);
  return name;
}

function refuseNonAscii(line: string, name: string): void {
  if (!/[\x80-\xff]/.test(line)) return;
  throw invalidMessage(
    `The header ${name} holds non-ASCII characters as they are. SendGrid ` +
      'offers no SMTPUTF8: an address must be ASCII before the @, and a name ' +
      'in a raw message must be encoded (RFC 2047).',
  );
}

function forbidden(name: string): Error {
  return name === 'bcc'
    ? invalidMessage(
        'The message would show its Bcc header to every recipient. Pass ' +
          'blind copies in `bcc` or `envelope`.',
      )
    : invalidMessage(
        'The message holds an X-SMTPAPI header, which could add recipients. ' +
          'It is refused; only this package may write it.',
      );
}

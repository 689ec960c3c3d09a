import { excerpt, invalidMessage } from '../invalid-message.js';
import { asciiJson } from './ascii-json.js';
import { FoldedText } from './folded-text.js';
import type { XSmtpApi } from './x-smtp-api.js';

/** What stands before the value on the header's first line. */
export const X_SMTPAPI = 'X-SMTPAPI: ';

const MAX_LINE_OCTETS = 998;

// A token of JSON with the punctuation that may not begin a line.
const TOKEN = /(?:"[^"\\]*(?:\\.[^"\\]*)*"|[{[]|[^"{}[\],:]+)[,:\]}]*/g;

/**
 * Encodes the value of an X-SMTPAPI header: compact JSON in ASCII, folded for
 * lines of 76 with {@link X_SMTPAPI} on the first. Removing every CRLF gives
 * the JSON back.
 *
 * @throws MailError `INVALID_MESSAGE` for a key or value that cannot be
 * folded into lines of 998
 */
export function encodeXSmtpApi(api: XSmtpApi): string {
  const folded = new FoldedText(X_SMTPAPI.length);
  let key = '""';
  for (const [token] of asciiJson(api).matchAll(TOKEN)) {
    if (token.endsWith(':')) key = token.slice(0, -1);
    const octets = folded.write(token);
    if (octets > MAX_LINE_OCTETS) throw unfoldable(key, octets);
  }
  return folded.text;
}

function unfoldable(keyToken: string, octets: number): Error {
  const key = String(JSON.parse(keyToken));
  return invalidMessage(
    `\`${excerpt(key).slice(1, -1)}\` in the X-SMTPAPI header needs a line ` +
      `of ${octets} octets; ${MAX_LINE_OCTETS} are allowed, and it can be ` +
      'folded at spaces only. Shorten it or put spaces into it; a character ' +
      'that is not ASCII takes six octets.',
  );
}

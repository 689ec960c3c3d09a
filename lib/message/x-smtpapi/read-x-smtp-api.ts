import { X_SMTPAPI } from './encode-x-smtp-api.js';

/** What the X-SMTPAPI header says that a message of ours starts with, if one does. */
export function readXSmtpApi(raw: Buffer): unknown {
  if (raw.toString('latin1', 0, X_SMTPAPI.length) !== X_SMTPAPI) {
    return undefined;
  }
  let end = raw.indexOf('\r\n');
  while (raw[end + 2] === 0x20) end = raw.indexOf('\r\n', end + 2);
  const folded = raw.toString('latin1', X_SMTPAPI.length, end);
  return JSON.parse(folded.replaceAll('\r\n', ''));
}

/** The JSON of a folded header value, by RFC 5322: only line ends go. */
export function unfold(value: string): unknown {
  return JSON.parse(value.replaceAll('\r\n', ''));
}

/** The value of the one X-SMTPAPI header of a message, still folded. */
export function smtpApiValue(message: string): string {
  const [head = ''] = message.split('\r\n\r\n', 1);
  const found = [...head.matchAll(/^X-SMTPAPI: (.*(?:\r\n .*)*)$/gm)];
  const [[, value] = []] = found;
  if (value === undefined || found.length > 1) {
    throw new Error(`has ${found.length} X-SMTPAPI headers`);
  }
  return value;
}

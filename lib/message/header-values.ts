/** The values of a message's headers of one name, as sent: folds included. */
export function headerValues(raw: Buffer, name: string): string[] {
  const end = raw.indexOf('\r\n\r\n');
  const head = raw.toString('utf8', 0, end === -1 ? raw.length : end);
  const header = new RegExp(`^${name}:((?:.*\\r\\n[\\t ])*.*)$`, 'gim');
  return [...head.matchAll(header)].map(([, value = '']) => value);
}

/** MAIL or RCPT, read. */
export interface AddressCommand {
  readonly address: string;

  /** ESMTP parameters, names in upper case. */
  readonly parameters: ReadonlyMap<string, string>;
}

// Printable ASCII only: SendGrid offers no SMTPUTF8.
const PATTERN = /^(MAIL FROM|RCPT TO): ?<([!-;=?-~]*)>((?: +[!-~]+)*) *$/i;

/** Reads a MAIL or RCPT line; `undefined` when its address is malformed. */
export function readAddressCommand(line: Buffer): AddressCommand | undefined {
  const [, verb, address, rest] = PATTERN.exec(line.toString('latin1')) ?? [];
  if (verb === undefined || address === undefined) return undefined;
  const isNullSender = address === '' && verb.toUpperCase() === 'MAIL FROM';
  if (!isNullSender && !/^[^@]+@[^@]+$/.test(address)) return undefined;
  return { address, parameters: readParameters(rest ?? '') };
}

function readParameters(text: string): Map<string, string> {
  const parameters = new Map<string, string>();
  for (const word of text.split(' ')) {
    const [name = '', value = ''] = word.split('=');
    if (name !== '') parameters.set(name.toUpperCase(), value);
  }
  return parameters;
}

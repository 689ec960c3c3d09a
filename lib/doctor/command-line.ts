import { readFileSync } from 'node:fs';
import { parseArgs, type ParseArgsConfig } from 'node:util';
import { Secret } from '../options/secret.js';
import { SENDGRID_PORTS, type DoctorSettings } from './settings.js';

/** What the command line asks for. */
export type Command =
  | { readonly kind: 'help' | 'version' }
  | { readonly kind: 'misuse'; readonly problem: string }
  | {
      readonly kind: 'doctor';
      readonly settings: DoctorSettings;
      readonly json: boolean;
    };

export const HELP = `Usage: npx nestjs-sendgrid-smtp doctor [options]

Looks at what mail through SendGrid depends on, from where it runs: Node.js, the
API key, DNS, each port with TLS, EHLO and log-in, and the limit of open files.
Sends no mail, and never prints the key.

The key is read from the environment (SENDGRID_API_KEY).

  --key-env <name>         read the key from another variable
  --env-file <path>        read the environment from a file first, such as .env
  --no-auth                do not log in
  --region <global|eu>     where the account lives
  --host <name>            the relay, instead of the region's
  --port <number>          the port in use; given several times, all are tried
                           (587, and 2525, 465 and 25 beside it)
  --security <how>         starttls, implicit, or none (loopback only)
  --ca <path>              a further certificate authority, as PEM
  --max-connections <n>    what the application has as pool.maxConnections
  --timeout <seconds>      how long each step may take (10)
  --json                   print the report as JSON
  --help, --version

Exit code: 0 when mail can be sent, 1 when something is to be changed, 2 when the
command line is wrong.
`;

const OPTIONS = {
  'key-env': { type: 'string', default: 'SENDGRID_API_KEY' },
  'env-file': { type: 'string' },
  'no-auth': { type: 'boolean', default: false },
  region: { type: 'string' },
  host: { type: 'string' },
  port: { type: 'string', multiple: true },
  security: { type: 'string' },
  ca: { type: 'string' },
  'max-connections': { type: 'string' },
  timeout: { type: 'string', default: '10' },
  json: { type: 'boolean', default: false },
  help: { type: 'boolean', short: 'h', default: false },
  version: { type: 'boolean', short: 'v', default: false },
} as const satisfies ParseArgsConfig['options'];

type Values = ReturnType<typeof parsed>['values'];

/** Reads the command line, and the environment it points to. */
export function readCommand(args: readonly string[]): Command {
  try {
    const { values, positionals } = parsed(args);
    if (values.help) return { kind: 'help' };
    if (values.version) return { kind: 'version' };
    const [name, ...more] = positionals;
    if (name !== 'doctor' || more.length > 0) {
      return misuse('Say what to do: `doctor` is all there is.');
    }
    return { kind: 'doctor', settings: settingsOf(values), json: values.json };
  } catch (error) {
    return misuse(error instanceof Error ? error.message : String(error));
  }
}

function parsed(args: readonly string[]) {
  return parseArgs({
    args: [...args],
    options: OPTIONS,
    allowPositionals: true,
  });
}

function settingsOf(values: Values): DoctorSettings {
  if (values['env-file'] !== undefined) {
    process.loadEnvFile(values['env-file']);
  }
  const { host, region, security, ca, port: ports = [] } = values;
  const keyName = values['key-env'];
  const key = process.env[keyName];
  return {
    key: key === undefined ? undefined : new Secret(key),
    keyName,
    auth: !values['no-auth'],
    region,
    host,
    ports: ports.length === 0 ? SENDGRID_PORTS : ports.map(portOf),
    security: securityOf(security),
    ca: ca === undefined ? undefined : readFileSync(ca, 'utf8'),
    timeoutMs: wholeOf('--timeout', values.timeout) * 1000,
    maxConnections:
      values['max-connections'] === undefined
        ? undefined
        : wholeOf('--max-connections', values['max-connections']),
  };
}

function portOf(text: string): number {
  return wholeOf('--port', text);
}

function securityOf(text: string | undefined): DoctorSettings['security'] {
  if (text === undefined) return undefined;
  if (text === 'starttls' || text === 'implicit' || text === 'none')
    return text;
  throw new Error('--security must be starttls, implicit or none.');
}

function wholeOf(name: string, text: string): number {
  const value = Number(text);
  if (Number.isInteger(value) && value > 0) return value;
  throw new Error(`${name} must be a whole number above 0.`);
}

function misuse(problem: string): Command {
  return { kind: 'misuse', problem };
}

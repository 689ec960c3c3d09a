import { parseConnectionUrl } from 'nodemailer/lib/shared';
import {
  InvalidOptionsError,
  type OptionProblem,
} from '../errors/invalid-options.error.js';
import { isLoopback } from '../options/host-name.js';
import { isRecord } from '../options/is-record.js';
import { present } from './present.js';

type Fields = Readonly<Record<string, unknown>>;

/** Where nodemailer's names go; `undefined` for those that have no meaning here. */
const NAMES: Readonly<Record<string, string | undefined>> = {
  host: 'host',
  port: 'port',
  secure: 'security',
  auth: 'apiKey',
  name: 'ehloName',
  tls: 'tls',
  maxConnections: 'pool.maxConnections',
  maxMessages: 'pool.maxMessagesPerConnection',
  idleTimeout: 'pool.idleTimeoutMs',
  connectionTimeout: 'timeouts.connectMs',
  greetingTimeout: 'timeouts.greetingMs',
  socketTimeout: 'timeouts.commandMs',
  rateLimit: 'rateLimit.messages',
  rateDelta: 'rateLimit.perMs',
  dkim: 'dkim',
  service: undefined,
  ignoreTLS: undefined,
  requireTLS: undefined,
  opportunisticTLS: undefined,
  pool: undefined,
  maxRequeues: undefined,
  dnsTimeout: undefined,
  logger: undefined,
  debug: undefined,
  transactionLog: undefined,
  disableFileAccess: undefined,
  disableUrlAccess: undefined,
};

/** Hosts that need not be named, so that transports may differ in the region. */
const REGIONS: Readonly<Record<string, string>> = {
  'smtp.sendgrid.net': 'global',
  'smtp.eu.sendgrid.net': 'eu',
};

const MOST_MESSAGES = 5000;

/**
 * Says in this package's words what a transport says in nodemailer's; what is
 * in this package's words already comes back as it is. Nothing is checked that
 * the options themselves check.
 *
 * @throws InvalidOptionsError for what nodemailer has and this package has not
 */
export function relayOptions(given: unknown, path: string): object {
  const fields = typeof given === 'string' ? fromUrl(given, path) : given;
  if (!isRecord(fields)) throw new InvalidOptionsError([noTransport(path)]);
  if ('apiKey' in fields || 'mode' in fields) return fields;
  const options: Fields = Object.fromEntries(Object.entries(fields));
  if (options['jsonTransport'] || options['streamTransport']) {
    return { mode: 'capture' };
  }
  const problems = problemsOf(options, path);
  if (problems.length > 0) throw new InvalidOptionsError(problems);
  return translated(options);
}

/** The name by which the application knows an option of this package. */
export function nameInTransport(option: string, path: string): string {
  if (option === 'apiKey') return `${path}.auth.pass`;
  const own = Object.keys(NAMES).find((name) => NAMES[name] === option);
  return `${path}.${own ?? option}`;
}

function translated(options: Fields): object {
  const { host, port, secure, auth, name: ehloName, tls, dkim } = options;
  const region = typeof host === 'string' ? REGIONS[host] : undefined;
  const relay = present({
    ...(region === undefined ? { host } : { region }),
    port: port ?? (secure === true ? 465 : undefined),
    security: securityOf(options),
    apiKey: isRecord(auth) ? Reflect.get(auth, 'pass') : undefined,
    ehloName,
    tls: isRecord(tls) ? withoutChecks(tls) : tls,
    dkim,
    ...boundsOf(options),
  });
  return relay ?? {};
}

function boundsOf(options: Fields): object {
  const { maxMessages, rateLimit, rateDelta = 1000 } = options;
  return {
    pool: present({
      maxConnections: options['maxConnections'],
      maxMessagesPerConnection:
        Number(maxMessages) > MOST_MESSAGES ? MOST_MESSAGES : maxMessages,
      idleTimeoutMs: options['idleTimeout'],
    }),
    timeouts: present({
      connectMs: options['connectionTimeout'],
      greetingMs: options['greetingTimeout'],
      commandMs: options['socketTimeout'],
    }),
    // nodemailer takes 0 for none.
    rateLimit: rateLimit
      ? { messages: rateLimit, perMs: rateDelta }
      : undefined,
  };
}

function securityOf({ secure, ignoreTLS }: Fields): string | undefined {
  if (ignoreTLS === true) return 'none';
  return secure === true ? 'implicit' : undefined;
}

/** Checking certificates is not an option here, so asking for it is none. */
function withoutChecks(tls: object): object {
  const { rejectUnauthorized, ...rest } = Object.fromEntries(
    Object.entries(tls),
  );
  return rejectUnauthorized === true || rejectUnauthorized === undefined
    ? rest
    : tls;
}

function problemsOf(options: Fields, path: string): OptionProblem[] {
  const problems = Object.keys(options)
    .filter((name) => !Object.hasOwn(NAMES, name) && options[name])
    .map((name) => ({
      option: `${path}.${name}`,
      problem:
        "has no meaning for SendGrid's relay: remove it, or give this package's own options (an object with `apiKey`)",
    }));
  return [...problems, ...problemsOfRelay(options, path)];
}

function problemsOfRelay(options: Fields, path: string): OptionProblem[] {
  const { auth, service, ignoreTLS, host } = options;
  const problems: OptionProblem[] = [];
  if (auth !== undefined && !isApiKeyAuth(auth)) {
    problems.push({
      option: `${path}.auth`,
      problem:
        'must be { user: "apikey", pass: <the API key> }: SendGrid takes no other user name, and no OAuth',
    });
  }
  if (service !== undefined && !isWord(service, 'sendgrid')) {
    problems.push({
      option: `${path}.service`,
      problem: 'must be "SendGrid": other relays are not what this is made for',
    });
  }
  if (ignoreTLS === true && !isLoopback(String(host))) {
    problems.push({
      option: `${path}.ignoreTLS`,
      problem:
        'must not be set unless `host` is loopback: the API key would cross the network in the clear',
    });
  }
  return problems;
}

function isWord(value: unknown, word: string): boolean {
  return typeof value === 'string' && value.toLowerCase() === word;
}

function isApiKeyAuth(auth: unknown): boolean {
  if (!isRecord(auth)) return false;
  const type: unknown = Reflect.get(auth, 'type');
  const plain = type === undefined || isWord(type, 'login');
  return plain && Reflect.get(auth, 'user') === 'apikey';
}

function fromUrl(url: string, path: string): unknown {
  try {
    return parseConnectionUrl(url);
  } catch {
    // What it threw may hold the URL, and so the key.
    throw new InvalidOptionsError([noTransport(path)]);
  }
}

function noTransport(option: string): OptionProblem {
  return {
    option,
    problem:
      "must be nodemailer's options of an SMTP transport, a connection URL (smtps://apikey:<key>@smtp.sendgrid.net:465), or this package's own options (an object with `apiKey` or `mode`)",
  };
}

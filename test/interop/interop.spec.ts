import {
  afterAll,
  beforeAll,
  describe,
  expect,
  it,
  onTestFailed,
} from 'vitest';
import { Deliveries } from '../../lib/delivery/deliveries.js';
import type { Log } from '../../lib/options/log.js';
import { telling } from '../support/telling.js';
import { resolveOptions } from '../../lib/options/resolve-options.js';
import { exim } from './servers/exim.js';
import { harakaBefore, harakaNewest } from './servers/haraka.js';
import { openSmtpd } from './servers/opensmtpd.js';
import { postfix } from './servers/postfix.js';
import { smtpServer } from './servers/smtp-server.js';
import { selfSigned } from './support/certificate.js';
import { differences, protocols } from './support/compare.js';
import { corpus } from './support/corpus.js';
import { exchange } from './support/exchange.js';
import { freePort } from '../support/servers/free-port.js';
import type {
  MailServer,
  RunningServer,
  ServerSetting,
  WantedMode,
} from './support/mail-server.js';
import { collectMail } from './support/maildirs.js';
import { writePage, type Row } from './support/page.js';

const SERVERS = [
  postfix,
  exim,
  openSmtpd,
  harakaBefore,
  harakaNewest,
  smtpServer,
];
const MODES: readonly WantedMode[] = ['auto', 'off', 'envelope', 'oneflight'];
const MESSAGES = 1000;
const CONNECTIONS = 10;

/** `INTEROP_SEED=n` repeats the messages of a run. */
const seed = Number(process.env['INTEROP_SEED'] ?? Date.now() % 1_000_000);
const rows: Row[] = [];

beforeAll(() => console.info(`INTEROP_SEED=${seed}`));

afterAll(async () => {
  // Part of a run leaves the page of the last whole one alone.
  if (rows.length < SERVERS.length * MODES.length) return;
  await writePage(rows, SERVERS);
});

describe.each(SERVERS)('$name', (server) => {
  let setting: ServerSetting;
  let running: RunningServer | undefined;

  beforeAll(async () => {
    const apiKey = `SG.${'a'.repeat(22)}.${'b'.repeat(43)}`;
    const certificate = await selfSigned();
    setting = { port: await freePort(), apiKey, certificate };
    running = await server.start(setting);
  });
  afterAll(() => running?.stop());

  const showLog = async (): Promise<void> => {
    console.info((await running?.log())?.slice(-5000));
  };

  it.each(MODES)(
    'takes every message once with pipelining %s',
    async (wanted) => {
      if (running === undefined) throw new Error('It has not started');
      onTestFailed(showLog);
      const samples = corpus(seed, wanted, MESSAGES);
      const logged: string[] = [];

      const { sent, stats, ...figures } = await exchange(
        deliveriesTo(server, setting, wanted, logged),
        samples,
      );
      const stored = await collectMail(running);

      const problems = differences(sent, stored, server.queuedId);
      expect(problems.slice(0, 10)).toEqual([]);
      expect(stats.pipelining).toBe(server.realModes[wanted]);
      expect(logged.filter(isRefusal)).toHaveLength(refusals(server, wanted));
      const protocol = server.secure ? 'ESMTPSA' : 'ESMTP';
      expect(protocols(stored)).toEqual([protocol]);
      rows.push({
        server: server.name,
        version: running.version,
        wanted,
        real: stats.pipelining,
        starttls: protocol.includes('S', 'ESM'.length),
        auth: protocol.endsWith('A'),
        accepted: stats.totals.accepted,
        readBack: sent.length,
        ...figures,
      });
    },
  );
});

function deliveriesTo(
  server: MailServer,
  { port, apiKey, certificate }: ServerSetting,
  pipelining: WantedMode,
  logged: string[],
): Deliveries {
  const options = resolveOptions({
    apiKey,
    port,
    host: '127.0.0.1',
    security: server.secure ? 'starttls' : 'none',
    tls: { ca: certificate.cert },
    pool: {
      maxConnections: CONNECTIONS,
      maxMessagesPerConnection: server.messagesPerConnection ?? 5000,
      pipelining,
    },
  });
  const relay = { ...options.relay, apiKey: undefined };
  const log: Log = {
    info: (line) => logged.push(line),
    warn: (line) => logged.push(line),
  };
  return new Deliveries(
    server.secure ? options : { ...options, relay },
    telling(log),
  );
}

const isRefusal = (line: string): boolean => /^One-flight .* is off/.test(line);

/** A server that turns one-flight away is asked once wherever it may be. */
function refusals(server: MailServer, wanted: WantedMode): number {
  const asks = wanted === 'auto' || wanted === 'oneflight';
  return server.refusesOneFlight === true && asks ? 1 : 0;
}

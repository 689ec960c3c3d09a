import { channel } from 'node:diagnostics_channel';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Deliveries } from '../../lib/delivery/deliveries.js';
import { localCertificate } from '../../lib/testing/fake-sendgrid/certificate.js';
import { deliveriesTo, send } from '../support/relay.js';
import { exim } from './servers/exim.js';
import { haraka } from './servers/haraka.js';
import { openSmtpd } from './servers/opensmtpd.js';
import { postfix } from './servers/postfix.js';
import { smtpServer } from './servers/smtp-server.js';
import { differences, protocols, type Sent } from './support/compare.js';
import { corpus, type Sample } from './support/corpus.js';
import { freePort } from './support/free-port.js';
import { collectMail } from './support/maildirs.js';
import type { RunningServer, WantedMode } from './support/mail-server.js';

const MESSAGES = 1000;
const CONNECTIONS = 10;
const MODES: readonly WantedMode[] = ['auto', 'off', 'envelope', 'oneflight'];
const seed = Number(process.env['INTEROP_SEED'] ?? Date.now() % 1_000_000);
const apiKey = `SG.${'a'.repeat(22)}.${'b'.repeat(43)}`;

const FULL = {
  auto: 'oneflight',
  off: 'lockstep',
  envelope: 'envelope',
  oneflight: 'oneflight',
} as const;

const SERVERS = [
  postfix,
  exim,
  openSmtpd,
  haraka('3.1.6', FULL, 'x'),
  haraka('3.3.4', { ...FULL, auto: 'envelope', oneflight: 'envelope' }, 'x'),
  smtpServer,
];

describe.each(SERVERS)('$name', (server) => {
  let running: RunningServer;
  let deliver: (mode: WantedMode) => Deliveries;

  beforeAll(async () => {
    console.info(`INTEROP_SEED=${seed}`);
    const certificate = await localCertificate();
    const port = await freePort();
    running = await server.start({ port, apiKey, certificate });
    console.info(server.name, running.version);
    const options = {
      apiKey,
      port,
      host: '127.0.0.1',
      security: 'starttls',
      tls: { ca: certificate.cert },
    } as const;
    deliver = (pipelining) =>
      deliveriesTo(
        { options },
        { pool: { maxConnections: CONNECTIONS, pipelining } },
      );
  });
  afterAll(() => running.stop());

  it.each(MODES)('wanted %s', async (mode) => {
    const samples = corpus(seed, mode, MESSAGES);
    const deliveries = deliver(mode);
    let connections = 0;
    const count = (): void => {
      connections += 1;
    };
    channel('net.client.socket').subscribe(count);
    const began = performance.now();
    const sent = await Promise.all(
      samples.map(
        async (sample: Sample): Promise<Sent> => ({
          sample,
          receipt: await send(deliveries, sample.mail),
        }),
      ),
    );
    const seconds = (performance.now() - began) / 1000;
    channel('net.client.socket').unsubscribe(count);
    const { pipelining } = deliveries.stats();
    await deliveries.drain(5000);
    const t = performance.now();
    const stored = await collectMail(running);
    console.info({ mode, seconds, collect: performance.now() - t, pipelining, connections, p: protocols(stored), reply: sent[0]?.receipt.response, n: stored.length });
    const problems = differences(sent, stored, server.queuedId);
    if (problems.length) console.info(problems.length, await running.log().then((l) => l.slice(-1000)));
    expect(problems.slice(0, 10)).toEqual([]);
  });
});

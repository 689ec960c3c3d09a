import { once } from 'node:events';
import { connect } from 'node:tls';
import { inspect } from 'node:util';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { FakeSendGrid } from '../../lib/testing/fake-sendgrid.js';
import { deliveriesTo, outgoing, send } from '../support/relay.js';
import { ScriptedServer } from '../support/scripted-server.js';

let stop: () => Promise<void>;
afterEach(async () => {
  vi.unstubAllEnvs();
  await stop();
});

const KEY = `SG.${'k'.repeat(22)}.${'s'.repeat(43)}`;

const startRelay = async (security: 'starttls' | 'implicit') => {
  const relay = await FakeSendGrid.start({ security });
  stop = () => relay.stop();
  return relay;
};

describe('TLS', () => {
  it.each(['starttls', 'implicit'] as const)(
    'refuses a certificate that nobody vouches for (%s), whatever the environment says',
    async (security) => {
      const relay = await startRelay(security);
      vi.stubEnv('NODE_TLS_REJECT_UNAUTHORIZED', '0');
      const { tls: _, ...options } = relay.options;
      const deliveries = deliveriesTo({ options });

      await expect(deliveries.verify()).rejects.toMatchObject({
        code: 'RELAY_UNAVAILABLE',
        message: expect.stringMatching(/certificate/i),
      });
      await deliveries.drain(100);
      expect(relay.counters.authenticated).toBe(0);
    },
  );

  it('is tested with an environment that fools a client which trusts it', async () => {
    const { host, port } = await startRelay('implicit');
    vi.stubEnv('NODE_TLS_REJECT_UNAUTHORIZED', '0');

    const fooled = connect({ host, port });
    await once(fooled, 'secureConnect');

    expect(fooled.authorized).toBe(false);
    fooled.destroy();
  });

  it('refuses a certificate for another name', async () => {
    const relay = await startRelay('starttls');
    const { options } = relay;
    const deliveries = deliveriesTo({
      options: {
        ...options,
        tls: { ...options.tls, servername: 'smtp.other.example' },
      },
    });

    await expect(deliveries.verify()).rejects.toMatchObject({
      code: 'RELAY_UNAVAILABLE',
    });
    await deliveries.drain(100);
    expect(relay.counters.authenticated).toBe(0);
  });
});

describe('the key', () => {
  it.each([
    ['auth', (line: string) => `535 5.5.1 Command unrecognized: "${line}"\r\n`],
    ['auth, as no reply', (line: string) => `${line}\r\n`],
    ['auth, decoded', () => `535 no such key ${KEY}\r\n`],
    ['auth, of an odd shape', () => `535 no such key odd-key-of-no-shape\r\n`],
  ])(
    'is in no error or log line when the relay echoes it at %s',
    async (_, echo) => {
      const apiKey = _.includes('odd') ? 'odd-key-of-no-shape' : KEY;
      const server = await ScriptedServer.start(({ event, line }) =>
        event === 'AUTH' ? echo(line) : undefined,
      );
      stop = () => server.stop();
      const log = { info: vi.fn(), warn: vi.fn() };
      const deliveries = deliveriesTo(server, { apiKey }, log);

      const error: unknown = await deliveries
        .verify()
        .catch((thrown: unknown) => thrown);
      await deliveries.drain(100);

      const secret = Buffer.from(`\0apikey\0${apiKey}`).toString('base64');
      const shown = inspect([error, log.warn.mock.calls], {
        depth: 20,
        showHidden: true,
      });
      expect(log.warn).toHaveBeenCalled();
      expect(shown).not.toContain(apiKey);
      expect(shown).not.toContain(secret);
    },
  );

  it('is in no error of a message, nor is a recipient in a log line', async () => {
    const server = await ScriptedServer.start(({ event }) =>
      event === 'RCPT'
        ? '421 ada@example.com is being throttled\r\n'
        : undefined,
    );
    stop = () => server.stop();
    const log = { info: vi.fn(), warn: vi.fn() };
    const deliveries = deliveriesTo(server, {}, log);

    await send(deliveries, outgoing(1), { timeoutMs: 300 }).catch(
      () => undefined,
    );
    await deliveries.drain(100);

    const lines = inspect(log.warn.mock.calls);
    expect(lines).toContain('throttled');
    expect(lines).not.toContain('ada@');
  });

  it('is in no error', async () => {
    const relay = await FakeSendGrid.start({
      apiKey: `SG.${'x'.repeat(22)}.${'y'.repeat(43)}`,
    });
    stop = () => relay.stop();
    const deliveries = deliveriesTo(relay, { apiKey: KEY });

    const error: unknown = await deliveries
      .verify()
      .catch((thrown: unknown) => thrown);
    await deliveries.drain(100);

    const shown = inspect(error, { depth: 20, showHidden: true });
    expect(shown).toContain('ACCOUNT');
    expect(shown).not.toContain(KEY);
    expect(shown).not.toContain(
      Buffer.from(`\0apikey\0${KEY}`).toString('base64'),
    );
    expect(inspect(deliveries, { depth: 20, showHidden: true })).not.toContain(
      KEY,
    );
  });
});

import { afterEach, describe, expect, it } from 'vitest';
import { measure } from '../../bench/live/measure.js';
import { livePage } from '../../bench/live/page.js';
import { readSettings, type LiveSettings } from '../../bench/live/settings.js';
import { Secret } from '../../lib/options/secret.js';
import {
  FakeSendGrid,
  type FakeSendGridModuleOptions,
} from '../../lib/testing/fake-sendgrid.js';
import type { FakeSendGridOptions } from '../../lib/testing/fake-sendgrid/options.js';

const ENV = {
  SENDGRID_API_KEY: 'SG.id.secret',
  LIVE_FROM: 'me@shop.example',
  LIVE_TO: 'you@example.com',
};

function settingsOf(
  { host, port, tls, apiKey }: FakeSendGridModuleOptions,
  more: Partial<LiveSettings> = {},
): LiveSettings {
  return {
    host,
    port,
    ca: tls.ca,
    apiKey: new Secret(apiKey),
    from: ENV.LIVE_FROM,
    to: ENV.LIVE_TO,
    messages: 5,
    ...more,
  };
}

describe('live', () => {
  let relay: FakeSendGrid | undefined;
  afterEach(() => relay?.stop());

  const start = async (
    options?: FakeSendGridOptions,
  ): Promise<FakeSendGrid> => {
    relay = await FakeSendGrid.start(options);
    return relay;
  };

  it('finds out everything that it asks', async () => {
    const { options } = await start();

    const report = await measure(settingsOf(options));

    expect(report.setUp.greeting).toContain('SG ESMTP');
    expect(report.setUp.tls.version).toBe('TLSv1.3');
    expect(report.setUp.keywords).toContain('PIPELINING');
    expect(report.dotMs).toHaveLength(5);
    expect(report.groupedAuth.accepted).toBe(true);
    expect(report.groupedAuth.replies[0]).toMatch(/^235 /);
    expect(report.oneFlight.accepted).toBe(true);
    expect(report.oneFlight.replies[3]).toMatch(/^354 /);
    // Five timed ones, one behind grouped AUTH, two in one flight.
    expect(relay?.counters.accepted).toBe(8);
  });

  it('says what the message past the cap got, and when an idle connection was closed', async () => {
    const { options } = await start({
      messagesPerConnection: 6,
      idleTimeoutMs: 300,
    });
    const sink = 'any@sink.example';

    const report = await measure(
      settingsOf(options, { cap: { messages: 6, sink }, idleMs: 5000 }),
    );

    expect(report.cap).toMatch(/^message 7: 421 /);
    expect(report.idle).toMatch(/^421 .* after \d s$/);
  });

  it('reports a refusal of grouped commands with the replies', async () => {
    const { options } = await start();
    relay?.fail('mail', '503 Bad sequence of commands', {
      when: ({ message, connection }) => connection === 3 && message === 2,
    });

    const { oneFlight } = await measure(settingsOf(options));

    expect(oneFlight.accepted).toBe(false);
    expect(oneFlight.replies[1]).toBe('503 Bad sequence of commands');
  });

  it('never shows the key, not even in a reply that repeats it', async () => {
    // Of no shape that is recognised everywhere.
    const apiKey = 'odd-key-1234567890';
    const { options } = await start({ apiKey });
    const secret = Buffer.from(`\0apikey\0${apiKey}`).toString('base64');
    relay?.fail('auth', `535 no such key: ${apiKey} ${secret}`);

    const failure = await measure(settingsOf(options)).catch(String);

    expect(failure).toContain('535 no such key: [redacted] [redacted]');
    expect(await livePage(await measure(settingsOf(options)))).not.toContain(
      apiKey,
    );
  });

  it('writes a page with every answer, or one that says that there is none', async () => {
    const { options } = await start();

    const page = await livePage(await measure(settingsOf(options)));

    expect(page).toContain('SG ESMTP service ready');
    expect(page).toMatch(/5 messages: median .* ms, p90 .* ms, slowest .* ms/);
    expect(await livePage()).toContain('has not been run against SendGrid yet');
  });

  it.each([
    [{}, [], /SENDGRID_API_KEY is not set/],
    [{ SENDGRID_API_KEY: 'SG.id.secret' }, [], /LIVE_FROM and LIVE_TO/],
    [ENV, ['--cap'], /LIVE_SINK/],
    [ENV, ['--other'], /--other is not known/],
  ] as const)('says what is missing: %o %o', (env, args, missing) => {
    expect(readSettings(env, args)).toMatch(missing);
  });

  it('asks for the cap and the idle time only when told', () => {
    const sink = { LIVE_SINK: 'any@sink.example' };
    const plain = readSettings(ENV, []);
    const all = readSettings({ ...ENV, ...sink }, ['--cap', '--idle']);

    expect(plain).toMatchObject({ host: 'smtp.sendgrid.net', port: 587 });
    expect(plain).not.toHaveProperty('cap');
    expect(plain).not.toHaveProperty('idleMs');
    expect(all).toMatchObject({
      cap: { messages: 5000, sink: sink.LIVE_SINK },
      idleMs: 600_000,
    });
  });
});

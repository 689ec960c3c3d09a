import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { FakeSendGrid } from 'nestjs-sendgrid-smtp/testing';
import { API_KEY, LEAK } from './support/options.js';

interface Run {
  readonly code: unknown;
  readonly output: string;
}

/** Runs a script on the built package, and ends it when it does not by itself. */
async function run(script: string, env: NodeJS.ProcessEnv): Promise<Run> {
  const path = fileURLToPath(new URL(`fixtures/${script}`, import.meta.url));
  let output = '';
  const child = execFile(process.execPath, [path], {
    env: { ...process.env, ...env },
    timeout: 20_000,
  });
  child.stdout?.on('data', (text) => (output += String(text)));
  child.stderr?.on('data', (text) => (output += String(text)));
  const [code] = await once(child, 'close');
  return { code, output };
}

describe(
  'A process that never closes the application',
  { timeout: 30_000 },
  () => {
    it.each(['starttls', 'implicit', 'none'] as const)(
      'exits by itself once nothing is pending, over %s',
      async (security) => {
        const relay = await FakeSendGrid.start({ security });
        const options = {
          ...relay.options,
          defaults: { from: 'shop@example.com' },
          // Longer than the test waits.
          pool: { idleTimeoutMs: 600_000 },
        };

        const { code, output } = await run('never-closes.mjs', {
          MAIL_OPTIONS: JSON.stringify(options),
        });

        expect({ code, output }).toMatchObject({ code: 0 });
        expect(output.match(/enableShutdownHooks/g)).toHaveLength(1);
        expect(output).not.toContain(relay.options.apiKey);
        expect(
          relay.messages
            .map(({ subject }) => subject)
            .toSorted((a = '', b = '') => a.localeCompare(b)),
        ).toEqual(['Enqueued', 'Other', 'Sent']);
        await relay.stop();
      },
    );

    it.each<[string, string, object, object, (relay: FakeSendGrid) => unknown]>(
      [
        ['a refused key', 'ACCOUNT', { apiKey: API_KEY }, {}, () => undefined],
        [
          'an outage',
          'RELAY_UNAVAILABLE',
          { queue: { failFastAfterMs: 300 } },
          {},
          (relay) => relay.stop(),
        ],
        [
          'a reply that never comes',
          'OUTCOME_UNKNOWN',
          { pool: { maxConnections: 1 } },
          { timeoutMs: 1000 },
          (relay) => relay.fail('message', 'stall', { times: 2 }),
        ],
      ],
    )('exits by itself after %s (%s)', async (_, code, more, limits, spoil) => {
      const relay = await FakeSendGrid.start();
      const options = {
        ...relay.options,
        defaults: { from: 'shop@a.example' },
      };
      await spoil(relay);

      const startedAt = performance.now();
      const { output } = await run('never-closes.mjs', {
        MAIL_OPTIONS: JSON.stringify({ ...options, ...more }),
        SEND_OPTIONS: JSON.stringify(limits),
      });

      expect(output).toContain(`failed with ${code}`);
      expect(performance.now() - startedAt).toBeLessThan(15_000);
      expect(output).not.toMatch(LEAK);
      await relay.stop();
    });
  },
);

describe('A process with refused options', { timeout: 30_000 }, () => {
  it.each(['forRoot', 'useFactory', 'throws'])(
    'ends, and Nest prints why and no secret: %s',
    async (form) => {
      const { code, output } = await run('refused-options.mjs', {
        API_KEY,
        FORM: form,
      });

      expect(code).not.toBe(0);
      expect(output).toContain('SendGridSmtpModule was given invalid options');
      expect(output).not.toMatch(LEAK);
    },
  );
});

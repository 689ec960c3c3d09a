import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { FakeSendGrid } from 'nestjs-sendgrid-smtp/testing';

interface Ran {
  readonly code: unknown;
  readonly text: string;
}

/** Runs the built command as npx does. */
async function doctor(
  args: readonly string[],
  key: string | undefined,
): Promise<Ran> {
  const { bin } = JSON.parse(readFileSync('package.json', 'utf8')) as {
    bin: Record<string, string>;
  };
  const [command = ''] = Object.values(bin);
  const { SENDGRID_API_KEY: _key, ...env } = process.env;
  const given = key === undefined ? {} : { SENDGRID_API_KEY: key };
  const child = execFile(process.execPath, [command, 'doctor', ...args], {
    env: { ...env, ...given },
    timeout: 20_000,
  });
  let text = '';
  child.stdout?.on('data', (more) => (text += String(more)));
  child.stderr?.on('data', (more) => (text += String(more)));
  const [code] = await once(child, 'close');
  return { code, text };
}

describe('npx nestjs-sendgrid-smtp doctor', { timeout: 30_000 }, () => {
  it('exits by itself, with what it found as its code', async () => {
    const relay = await FakeSendGrid.start({ security: 'none' });
    const { apiKey } = relay.options;
    const where = `--host ${relay.host} --port ${relay.port} --security none`;
    const place = where.split(' ');

    const well = await doctor(place, apiKey);
    relay.rotateKey();
    const refused = await doctor([...place, '--json'], apiKey);
    const misused = await doctor([...place, '--nonsense'], apiKey);

    expect([well.code, refused.code, misused.code]).toEqual([0, 1, 2]);
    expect(well.text).toContain('Nothing to change.');
    expect(JSON.parse(refused.text)).toMatchObject({ ok: false });
    for (const { text } of [well, refused, misused]) {
      expect(text).not.toContain(apiKey.slice(3, 20));
    }
    await relay.stop();
  });
});

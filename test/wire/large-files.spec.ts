import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FakeSendGrid } from '../../lib/testing/fake-sendgrid.js';
import { writeAwkwardFile } from '../support/large-files/awkward-file.js';
import { SinkServer } from '../support/large-files/sink-server.js';

const MB = 1_000_000;

/**
 * What streaming may add at its peak: far less than the file, raw or encoded.
 * Chunks that are done with take up to 25 MB where they come fast.
 */
const FLAT_BYTES = { raw: 40 * MB, attached: 12 * MB };

/** What is garbage already is not to count: it is collected every megabyte. */
const FLAGS = ['--max-semi-space-size=1'];

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'large-files-'));
});
afterAll(() => rm(folder, { recursive: true }));

interface Cost {
  readonly grownBytes: number;
  readonly ms: number;
  readonly cpuMs: number;
}

/** Runs a client on the built package: its memory is that of nothing else. */
async function run(
  script: string,
  path: string,
  options: object,
): Promise<Cost> {
  const url = `../support/large-files/${script}`;
  const file = fileURLToPath(new URL(url, import.meta.url));
  const argv = [...FLAGS, file, path, JSON.stringify(options)];
  const { stdout } = await promisify(execFile)(process.execPath, argv);
  console.info(`${script}: ${stdout.trim()}`);
  return JSON.parse(stdout) as Cost;
}

describe('large files', { timeout: 120_000 }, () => {
  it('of 100 MB leave in flat memory, dots and line ends put right', async () => {
    const seed = Number(process.env['SEED'] ?? Date.now() % 1_000_000);
    console.info(`seed ${seed} (set SEED to repeat)`);
    const path = join(folder, 'raw');
    const expected = await writeAwkwardFile(path, 100 * MB, seed);
    const sink = await SinkServer.start();

    const { grownBytes } = await run('send-raw.mjs', path, {
      apiKey: 'key',
      host: '127.0.0.1',
      port: sink.port,
      security: 'none',
    });
    await sink.stop();

    expect(sink.bodies[1]).toEqual(expected);
    expect(grownBytes).toBeLessThan(FLAT_BYTES.raw);
  });

  it.each([
    ['as streams', () => ({})],
    ['by their path', () => ({ attachments: { allowFiles: folder } })],
  ])('of 20 MB are attached %s, in flat memory', async (_label, allowed) => {
    const path = join(folder, 'attached');
    await writeAwkwardFile(path, 20 * MB, 1);
    const relay = await FakeSendGrid.start();

    const options = { ...relay.options, ...allowed() };
    const cost = await run('send-attachment.mjs', path, options);
    const [, mail] = relay.messages;
    await relay.stop();

    const received = mail?.attachments[0]?.content ?? '';
    // Attachments that are no text are given as buffers.
    const bytes = Buffer.from(received as ArrayBuffer);
    expect(sha256(bytes)).toBe(await fileHash(path));
    expect(cost.grownBytes).toBeLessThan(FLAT_BYTES.attached);
  });
});

function sha256(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}

async function fileHash(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path)) hash.update(chunk);
  return hash.digest('hex');
}

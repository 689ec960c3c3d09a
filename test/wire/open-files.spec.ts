import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { FakeSendGrid } from '../../lib/testing/fake-sendgrid.js';

const SCRIPT = fileURLToPath(
  new URL('fixtures/many-connections.mjs', import.meta.url),
);
const MESSAGES = 500;

let relay: FakeSendGrid;

beforeEach(async () => {
  // Slow enough for every connection that may be opened to be wanted.
  relay = await FakeSendGrid.start({
    security: 'none',
    parse: false,
    latencyMs: 100,
  });
});

afterEach(() => relay.stop());

/** Runs the built package where only 128 files may be open; what it logs. */
async function run({ occupied = 0, instances = 1 }): Promise<string[]> {
  const pool = { maxConnections: 100 / instances, maxConnecting: 20 };
  const job = {
    options: { ...relay.options, pool },
    messages: MESSAGES,
    occupied,
    instances,
  };
  const command = 'ulimit -n 128 && exec "$0" "$1"';
  const { stdout, stderr } = await promisify(execFile)(
    'sh',
    ['-c', command, process.execPath, SCRIPT],
    { env: { ...process.env, JOB: JSON.stringify(job) } },
  );
  expect(stderr).toBe('');
  return stdout.trimEnd().split('\n');
}

describe.skipIf(process.platform === 'win32')('few files', () => {
  it.each([1, 2])(
    'are told at the start, and left in part to the rest of the process, by %i instances',
    async (instances) => {
      const lines = await run({ instances });

      expect(lines).toEqual([
        expect.stringMatching(
          /open 128 files, .* come to 100: no more than 64 /,
        ),
      ]);
      expect(relay.counters.accepted).toBe(MESSAGES);
      expect(relay.counters.maxOpen).toBeGreaterThan(48);
      expect(relay.counters.maxOpen).toBeLessThanOrEqual(64);
    },
  );

  it('that run out lower the number of connections, and burn no message', async () => {
    const lines = await run({ occupied: 80 });

    expect(lines.slice(1)).toEqual([expect.stringContaining('(EMFILE)')]);
    expect(relay.counters.accepted).toBe(MESSAGES);
    expect(relay.counters.maxOpen).toBeGreaterThan(2);
    expect(relay.counters.maxOpen).toBeLessThan(48);
  });
});

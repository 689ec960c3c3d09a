import { beforeAll, describe, expect, it } from 'vitest';

import type {
  ManyConnectionsResult,
  ManyConnectionsSettings,
} from './programs/many-connections.js';
import { recordFigures } from './support/figures.js';
import { needOpenFiles } from './support/open-files.js';
import { RelayProcess, startProgram } from './support/programs.js';

const CONNECTIONS = 10_000;
const KIB = 1024;
const HOUR_MS = 3_600_000;

// Resident bytes that one connection may add to the process, and how many may
// have no TLS session to resume: those set up side by side at the start.
const kinds = [
  { security: 'none', bound: 25 * KIB, fullHandshakes: CONNECTIONS },
  { security: 'starttls', bound: 60 * KIB, fullHandshakes: 8 },
] as const;

beforeAll(() => needOpenFiles(CONNECTIONS));

describe('ten thousand connections from one process', () => {
  it.for(kinds)(
    'are open at once, each sends, and all QUIT ($security)',
    async ({ security, bound, fullHandshakes }, test) => {
      // None is refused for being one too many: the count must tell. It
      // answers no message until there is one on every connection.
      const relay = await RelayProcess.start(
        test,
        {
          security,
          parse: false,
          maxConnections: 2 * CONNECTIONS,
          // On a busy machine the first are idle for long before the last.
          idleTimeoutMs: HOUR_MS,
        },
        [{ at: 'message', sender: 'each' }],
      );
      const settings: ManyConnectionsSettings = {
        relay: relay.options,
        connections: CONNECTIONS,
      };

      const program = startProgram(test, 'many-connections', settings, [
        '--expose-gc',
      ]);
      await program.next();
      await relay.whenStalled(CONNECTIONS);
      const { counters: busy } = await relay.tell('release');
      program.say('go on');
      const result = await program.next<ManyConnectionsResult>();

      const { counters, connections } = await relay.tell('report');
      // The first one warmed the program up, and had left before.
      const [, ...all] = connections;
      expect(all).toHaveLength(CONNECTIONS);
      expect(busy.open).toBe(CONNECTIONS);
      expect(counters.maxOpen).toBe(CONNECTIONS);
      expect(all.filter(({ accepted }) => accepted !== 1)).toEqual([]);
      expect(all.filter(({ state }) => state !== 'quit')).toEqual([]);
      expect(result.accepted).toBe(CONNECTIONS);
      const full = all.filter(({ resumed }) => !resumed);
      expect(full.length).toBeLessThanOrEqual(fullHandshakes);
      expect(result.idle.rss).toBeLessThan(bound);
      expect(result.used.rss).toBeLessThan(bound);
      recordFigures(`connections-${security}`, {
        ...result,
        resumed: counters.tlsResumed,
      });
    },
  );
});

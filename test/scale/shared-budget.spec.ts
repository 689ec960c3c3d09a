import { beforeAll, describe, expect, it } from 'vitest';

import type {
  SharedBudgetResult,
  SharedBudgetSettings,
} from './programs/shared-budget.js';
import { recordFigures } from './support/figures.js';
import { needOpenFiles } from './support/open-files.js';
import { RelayProcess, startProgram } from './support/programs.js';

const BUDGET = 10_000;
const EACH = 4000;

beforeAll(() => needOpenFiles(BUDGET));

describe('instances that want more connections than one process may hold', () => {
  it('share ten thousand, and all their messages go out', async (test) => {
    // None is refused for being one too many: the count must tell.
    const relay = await RelayProcess.start(test, {
      security: 'none',
      parse: false,
      maxConnections: 2 * BUDGET,
      idleTimeoutMs: 3_600_000,
    });
    const settings: SharedBudgetSettings = {
      relay: relay.options,
      each: EACH,
      budget: BUDGET,
    };

    const program = startProgram(test, 'shared-budget', settings);
    const result = await program.next<SharedBudgetResult>();

    const { counters } = await relay.tell('report');
    const [first = 0, ...others] = result.held;
    expect(counters.maxOpen).toBe(BUDGET);
    expect(counters.accepted).toBe(3 * EACH);
    expect(result.accepted).toEqual([EACH, EACH, EACH]);
    expect(result.held.every((held) => held > 0)).toBe(true);
    // What one instance lets go of, the others get.
    expect(result.afterRelease).toEqual([EACH, EACH]);
    expect(others).toHaveLength(2);
    expect(counters.connections).toBe(first + 2 * EACH);
    expect(counters.quits).toBe(counters.connections);
    recordFigures('shared-budget', result);
  });
});

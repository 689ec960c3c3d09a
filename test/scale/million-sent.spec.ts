import { expect, it } from 'vitest';

import type { SendManyResult, SendManySettings } from './programs/send-many.js';
import { recordFigures } from './support/figures.js';
import { startProgram } from './support/programs.js';

const MESSAGES = 1_000_000;

it('sendMany of a million takes the memory of a thousand, and little time', async (test) => {
  const settings: SendManySettings = { messages: MESSAGES, step: 100_000 };
  const program = startProgram(test, 'send-many', settings, ['--expose-gc']);

  const result = await program.next<SendManyResult>();

  for (const { accepted, heapUsed } of Object.values(result)) {
    expect(accepted).toBe(MESSAGES);
    expect(heapUsed).toHaveLength(11);
    const [first = 0] = heapUsed;
    for (const used of heapUsed) expect(used - first).toBeLessThan(4_000_000);
  }
  const { oneByOne, awaited, iterated } = result;
  // Ratios, since machines are noisy: it costs no more than a send.
  expect(awaited.cpuUsEach).toBeLessThan(1.5 * oneByOne.cpuUsEach);
  expect(iterated.cpuUsEach).toBeLessThan(1.5 * oneByOne.cpuUsEach);
  recordFigures('send-many', result);
});

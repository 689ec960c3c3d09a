import { describe, expect, it } from 'vitest';

import { NoKeyError } from '../../../lib/options/no-key-error.js';
import { KeyLog } from '../../../lib/pool/key-log.js';

function logOf(tell: (log: KeyLog) => void): string[] {
  const lines: string[] = [];
  const info = (line: string) => lines.push(`info ${line}`);
  const warn = (line: string) => lines.push(`warn ${line}`);
  tell(new KeyLog({ info, warn }));
  return lines;
}

describe('the log of a key', () => {
  it('names keys by their fingerprints', () => {
    const lines = logOf((log) => log.changed('11111111', '22222222'));

    expect(lines).toEqual([
      'info New connections use the API key 11111111 (SHA-256) instead of 22222222.',
    ]);
  });

  it.each([
    [undefined, /^warn No new API key; nothing can be sent .* Vault shut\.$/],
    ['11111111', /the last good one, 11111111 .*, stays in use\. Vault shut/],
  ])('has one line for a streak of failures, %s being kept', (kept, text) => {
    const error = new NoKeyError('Vault shut');
    const lines = logOf((log) => {
      for (const streak of [1, 2, 3]) log.failed(error, streak, kept);
    });

    expect(lines).toEqual([expect.stringMatching(text)]);
  });
});

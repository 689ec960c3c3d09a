import { describe, expect, it } from 'vitest';

import { NoKeyError } from '../../../lib/options/no-key-error.js';
import type { MailEvent } from '../../../lib/events/mail-event.js';
import { KeyNews } from '../../../lib/pool/key-news.js';
import { telling } from '../../support/telling.js';

function logOf(tell: (news: KeyNews) => void): string[] {
  const lines: string[] = [];
  const info = (line: string) => lines.push(`info ${line}`);
  const warn = (line: string) => lines.push(`warn ${line}`);
  tell(new KeyNews(telling({ info, warn })));
  return lines;
}

describe('the news of a key', () => {
  it('are events for those who listen', async () => {
    const told = telling();
    const events: MailEvent[] = [];
    told.events.subscribe({ next: (event) => events.push(event) });
    const news = new KeyNews(told);

    news.changed('11111111', '22222222');
    for (const streak of [1, 2]) {
      news.failed(new NoKeyError('Vault shut'), streak, '11111111');
    }
    await Promise.resolve();

    expect(events).toMatchObject([
      { type: 'key-changed', outcome: 'changed', keyFingerprint: '11111111' },
      { outcome: 'failed', keyFingerprint: '11111111', reason: 'Vault shut' },
    ]);
    expect(events).toHaveLength(2);
  });

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

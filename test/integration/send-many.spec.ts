import { describe, expect, it } from 'vitest';
import type { SendOutcome } from 'nestjs-sendgrid-smtp';
import { addressOf, at, numbered, NumberedSource } from './support/numbered.js';
import { recordLogs } from './support/recording-logger.js';
import { RelayedApp } from './support/relayed-app.js';

const logger = recordLogs();
const site = new RelayedApp(logger, {
  defaults: { from: 'Shop <shop@example.com>' },
  retry: { maxAttempts: 1 },
});

describe('sendMany', () => {
  it('tells how each message ended', async () => {
    const mail = await site.start({});
    site.relay.fail('rcpt', '550 No such user', at(1));
    site.relay.fail('message', 'accept-and-drop', at(3));
    const outcomes: SendOutcome[] = [];

    for await (const outcome of mail.sendMany(new NumberedSource(6))) {
      outcomes.push(outcome);
    }

    outcomes.sort((a, b) => a.index - b.index);
    expect(outcomes).toMatchObject([
      { index: 0, status: 'accepted', receipt: { accepted: [addressOf(0)] } },
      { index: 1, status: 'rejected', error: { code: 'REJECTED' } },
      { index: 2, status: 'accepted' },
      { index: 3, status: 'unknown', error: { code: 'OUTCOME_UNKNOWN' } },
      { index: 4, status: 'accepted' },
      { index: 5, status: 'accepted' },
    ]);
    expect(site.relay.messages).toHaveLength(5);
  });

  it('resolves with the totals when it is awaited', async () => {
    const mail = await site.start({});
    site.relay.fail('rcpt', '550 No such user', at(1, 2));
    const list = [numbered(0), numbered(1), numbered(2), { to: 'nobody' }];

    const totals = await mail.sendMany(list);

    expect(totals).toEqual({
      settled: 4,
      accepted: 1,
      rejected: 2,
      unknown: 0,
      notSent: 1,
      lowWatermark: 3,
    });
    expect(mail.stats().totals).toMatchObject({ submitted: 4, pending: 0 });
  });
});

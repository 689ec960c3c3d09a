import { describe, expect, it } from 'vitest';
import {
  findMail,
  type MailLookup,
} from '../../../lib/webhook/reconcile/find-mail.js';

const EVENT = {
  event: 'bounce',
  email: 'Ada@Example.net',
  timestamp: 1_740_300_320,
  mail_id: 'm1',
  sg_message_id: 'queued.recvd-5f54-1.0',
  'smtp-id': '<1@shop.example>',
};

/** Finds by some of the ways, and notes what it is asked. */
function lookup(
  asked: unknown[],
  ...found: readonly (keyof MailLookup<string>)[]
): MailLookup<string> {
  const by =
    (way: keyof MailLookup<string>) =>
    (...args: unknown[]): Promise<string | undefined> => {
      asked.push([way, ...args]);
      return Promise.resolve(found.includes(way) ? way : undefined);
    };
  return {
    byMailId: by('byMailId'),
    bySendGridId: by('bySendGridId'),
    byMessageId: by('byMessageId'),
    byRecipient: by('byRecipient'),
  };
}

describe('findMail', () => {
  it('asks for the correlation id first, and for nothing when that is found', async () => {
    const asked: unknown[] = [];

    const found = await findMail(EVENT, lookup(asked, 'byMailId'));

    expect(found).toBe('byMailId');
    expect(asked).toEqual([['byMailId', 'm1']]);
  });

  it('asks for each id in order, and never for the recipient of an event with ids', async () => {
    const asked: unknown[] = [];

    const found = await findMail(EVENT, lookup(asked, 'byRecipient'));

    expect(found).toBe(undefined);
    expect(asked).toEqual([
      ['byMailId', 'm1'],
      ['bySendGridId', 'queued'],
      ['byMessageId', '<1@shop.example>'],
    ]);
  });

  it('asks for recipient and time of a bounce that came late', async () => {
    const asked: unknown[] = [];
    const { email, timestamp } = EVENT;
    const late = { event: 'bounce', email, timestamp, sg_message_id: '' };

    const found = await findMail(late, lookup(asked, 'byRecipient'));

    expect(found).toBe('byRecipient');
    const to = new Date('2025-02-23T08:45:20Z');
    const from = new Date('2025-02-16T08:45:20Z');
    expect(asked).toEqual([['byRecipient', 'ada@example.net', { from, to }]]);
  });

  it('does not guess for other events', async () => {
    const asked: unknown[] = [];
    const { email } = EVENT;

    await findMail({ event: 'delivered', email }, lookup(asked, 'byRecipient'));
    await findMail({ event: 'bounce' }, lookup(asked, 'byRecipient'));

    expect(asked).toEqual([]);
  });

  it('gets by with what the application can find', async () => {
    await expect(findMail(EVENT, {})).resolves.toBe(undefined);
    await expect(findMail(EVENT, { byMessageId: () => 'found' })).resolves.toBe(
      'found',
    );
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { eventIds } from '../../../lib/webhook/events/event-ids.js';
import { outcomeOf } from '../../../lib/webhook/events/outcome-of.js';
import type { SendGridEventBase } from '../../../lib/webhook/events/sendgrid-event.js';

const ROWS: readonly [SendGridEventBase, object | undefined][] = [
  [{ event: 'processed' }, undefined],
  [{ event: 'delivered', response: '250 OK', tls: 1 }, { kind: 'delivered' }],
  [
    { event: 'deferred', response: '421 later', attempt: '5' },
    { kind: 'deferred', reason: '421 later', attempt: 5 },
  ],
  [
    { event: 'deferred', reason: '421 later' },
    { kind: 'deferred', reason: '421 later' },
  ],
  [
    { event: 'bounce', type: 'bounce', reason: '550 no', status: '5.1.1' },
    { kind: 'bounced', reason: '550 no', status: '5.1.1' },
  ],
  [
    { event: 'bounce', type: 'blocked', reason: 'unable to get mx info' },
    { kind: 'blocked', reason: 'unable to get mx info' },
  ],
  [{ event: 'bounce' }, { kind: 'bounced' }],
  [
    { event: 'dropped', reason: 'Bounced Address', status: '5.0.0' },
    { kind: 'dropped', reason: 'Bounced Address', status: '5.0.0' },
  ],
  [{ event: 'spamreport' }, { kind: 'complained' }],
  [{ event: 'unsubscribe' }, { kind: 'unsubscribed' }],
  [
    { event: 'group_unsubscribe', asm_group_id: 7 },
    { kind: 'unsubscribed', groupId: 7 },
  ],
  [{ event: 'group_resubscribe', asm_group_id: 7 }, undefined],
  [{ event: 'open' }, { kind: 'opened', machine: false }],
  [
    { event: 'open', sg_machine_open: true },
    { kind: 'opened', machine: true },
  ],
  [
    { event: 'click', url: 'https://a.example' },
    { kind: 'clicked', url: 'https://a.example' },
  ],
  [{ event: 'account_status_change' }, undefined],
  [{ event: 'teleported' }, undefined],
];

describe('outcomeOf', () => {
  it.each(ROWS)('puts %j into the common words', (event, told) => {
    const outcome = outcomeOf(event);

    expect(outcome).toEqual(told && { ...told, event });
  });

  it('never throws, whatever the fields hold', () => {
    const names = fc.constantFrom(...ROWS.map(([{ event }]) => event));
    const fields = fc.dictionary(
      fc.constantFrom(
        ...'email timestamp reason response status attempt url type'.split(' '),
        'sg_message_id',
        'smtp-id',
        'asm_group_id',
        'sg_machine_open',
      ),
      fc.anything(),
    );

    fc.assert(
      fc.property(names, fields, (event, rest) => {
        outcomeOf({ ...rest, event });
      }),
    );
  });
});

describe('eventIds', () => {
  it('reads every name that an event gives its message', () => {
    const ids = eventIds({
      event: 'bounce',
      email: 'Ada@Example.net',
      timestamp: 1740300320,
      mail_id: 'b5b0',
      sg_message_id:
        'euo2iKxdSayPF4YE4--I7A.recvd-5f54b5d587-pczjm-1-67BADEEA-6.0',
      'smtp-id': '<870b3a2a@forum.example>',
    });

    expect(ids).toEqual({
      mailId: 'b5b0',
      sendGridId: 'euo2iKxdSayPF4YE4--I7A',
      messageId: '<870b3a2a@forum.example>',
      recipient: 'ada@example.net',
      at: 1740300320000,
    });
  });

  it('has only the recipient and the time of a late bounce', () => {
    const ids = eventIds({
      event: 'bounce',
      email: 'ada@example.net',
      timestamp: 1740300320,
      sg_message_id: '',
    });

    expect(ids).toEqual({ recipient: 'ada@example.net', at: 1740300320000 });
  });

  it('takes an id without a dot as it is', () => {
    const ids = eventIds({
      event: 'open',
      sg_message_id: 'Yo60h6C5ScGPeP5fUWU3Kw',
    });

    expect(ids).toEqual({ sendGridId: 'Yo60h6C5ScGPeP5fUWU3Kw' });
  });
});

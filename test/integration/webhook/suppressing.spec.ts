import { SendGridSmtpModule, MailService } from 'nestjs-sendgrid-smtp';
import type { FakeEvent } from 'nestjs-sendgrid-smtp/testing';
import {
  MemorySuppressions,
  type MailOutcome,
  type SuppressedBy,
} from 'nestjs-sendgrid-smtp/webhook';
import { describe, expect, it } from 'vitest';
import { CAPTURE, MESSAGE } from '../support/options.js';
import { WebhookApp } from '../support/webhook-app.js';

const web = new WebhookApp();
const PATH = '/sendgrid/events';

describe('a recipient who must not be written to', () => {
  it('is told of with the reason, for bounces, complaints and unsubscribes', async () => {
    const told: [string, SuppressedBy, MailOutcome['kind']][] = [];
    const url = await web.start({
      onSuppressed: (address, reason, { kind }) => {
        told.push([address, reason, kind]);
      },
    });
    const at = (name: string, event: string, fields = {}): FakeEvent => ({
      event,
      email: `${name}@Example.net`,
      ...fields,
    });

    await web.sender.post(url + PATH, [
      at('a', 'bounce', { type: 'bounce' }),
      at('b', 'bounce', { type: 'blocked' }),
      at('c', 'spamreport'),
      at('d', 'unsubscribe'),
      at('e', 'group_unsubscribe', { asm_group_id: 4 }),
      at('f', 'group_resubscribe', { asm_group_id: 4 }),
      at('g', 'dropped', { reason: 'Bounced Address' }),
      at('h', 'delivered'),
      { event: 'bounce' },
    ]);
    await web.settle();

    expect(told).toEqual([
      ['a@example.net', 'bounced', 'bounced'],
      ['c@example.net', 'complained', 'complained'],
      ['d@example.net', 'unsubscribed', 'unsubscribed'],
      ['e@example.net', 'group-unsubscribed', 'unsubscribed'],
    ]);
  });

  it('gets no mail any more when the instance shares the list', async () => {
    const suppressions = new MemorySuppressions();
    const mail = SendGridSmtpModule.forRoot({ ...CAPTURE, suppressions });
    const metadata = { imports: [mail] };
    const url = await web.start({ suppressions, metadata });
    const service = web.app.get(MailService);
    await service.send(MESSAGE);

    await web.sender.post(url + PATH, [web.sender.lateBounce(MESSAGE.to)]);
    await web.settle();

    await expect(service.send(MESSAGE)).rejects.toMatchObject({
      code: 'SUPPRESSED',
    });
  });

  it('of one group only is not entered in the list', async () => {
    const suppressions = new MemorySuppressions();
    const url = await web.start({ suppressions });

    await web.sender.post(url + PATH, [
      { event: 'group_unsubscribe', email: MESSAGE.to, asm_group_id: 4 },
    ]);
    await web.settle();

    expect(suppressions.size).toBe(0);
  });
});

import { Test } from '@nestjs/testing';
import type { INestApplicationContext } from '@nestjs/common';
import { afterEach, describe, expect, it } from 'vitest';
import {
  MailService,
  SendGridSmtpModule,
  type SuppressionList,
  type SuppressionReason,
} from 'nestjs-sendgrid-smtp';
import { capturedMail, type MailCapture } from 'nestjs-sendgrid-smtp/testing';
import { MemorySuppressions } from 'nestjs-sendgrid-smtp/webhook';
import { CAPTURE, MESSAGE } from './support/options.js';

const ADA = 'ada@example.net';
const BOB = 'bob@example.net';

let app: INestApplicationContext | undefined;

async function mailWith(suppressions: SuppressionList): Promise<MailService> {
  const options = { ...CAPTURE, suppressions };
  const imports = [SendGridSmtpModule.forRoot(options)];
  app = await Test.createTestingModule({ imports }).compile();
  return app.get(MailService);
}

function captured(): MailCapture {
  if (app === undefined) throw new Error('There is no application');
  return capturedMail(app);
}

/** A list that is asked over a network, as it were. */
function remote(list: SuppressionList): SuppressionList {
  return { reasonsFor: async (addresses) => list.reasonsFor(addresses) };
}

afterEach(async () => {
  await app?.close();
  app = undefined;
});

describe.each([
  ['that answers at once', (list: SuppressionList) => list],
  ['that is asked elsewhere', remote],
])('a list of suppressions %s', (_, as) => {
  it.each(['bounced', 'complained', 'unsubscribed'] as const)(
    'keeps mail from an address that has %s',
    async (reason: SuppressionReason) => {
      const list = new MemorySuppressions();
      list.add(ADA, reason);
      const mail = await mailWith(as(list));

      const sent = mail.send({ ...MESSAGE, to: 'Ada <ADA@example.net>' });

      await expect(sent).rejects.toMatchObject({
        code: 'SUPPRESSED',
        deliveryState: 'not-sent',
        retryable: false,
        message: expect.stringContaining(`(${reason})`),
      });
      expect(mail.stats().totals).toMatchObject({ notSent: 1, pending: 0 });
      expect(captured().sent()).toEqual([]);
    },
  );

  it('sends a message to the others, and says who was left out', async () => {
    const list = new MemorySuppressions();
    list.add(ADA, 'bounced');
    const mail = await mailWith(as(list));

    const receipt = await mail.send({ ...MESSAGE, to: ADA, bcc: BOB });

    expect(receipt.accepted).toEqual([BOB]);
    expect(receipt.rejected).toEqual([ADA]);
    expect(receipt.recipients).toContainEqual({
      address: ADA,
      state: 'not-sent',
      attempts: 0,
    });
    const [sent] = captured().sent();
    expect(sent?.envelope.to).toEqual([BOB]);
  });

  it('leaves a message to each to SendGrid unless nobody is left', async () => {
    const list = new MemorySuppressions();
    list.add(ADA, 'bounced');
    const mail = await mailWith(as(list));
    const substitutions = { '-n-': ['Ada', 'Bob'] };
    const message = { ...MESSAGE, to: [ADA, BOB], sendgrid: { substitutions } };

    const receipt = await mail.send(message);
    list.add(BOB, 'bounced');

    expect(receipt.accepted).toEqual([ADA, BOB]);
    await expect(mail.send(message)).rejects.toMatchObject({
      code: 'SUPPRESSED',
    });
  });
});

describe('a list of suppressions', () => {
  it('does not stop mail when it fails', async () => {
    const mail = await mailWith({
      reasonsFor: () => Promise.reject(new Error('down')),
    });

    await expect(mail.send(MESSAGE)).resolves.toMatchObject({
      accepted: [MESSAGE.to],
    });
  });

  it('settles a message at once that is given up while it is asked', async () => {
    const mail = await mailWith({
      reasonsFor: () => new Promise(() => undefined),
    });

    const sent = mail.send(MESSAGE, { timeoutMs: 20 });

    await expect(sent).rejects.toMatchObject({ code: 'TIMED_OUT' });
    expect(mail.stats().totals.pending).toBe(0);
  });

  it('keeps the latest of its addresses', () => {
    const list = new MemorySuppressions(2);
    list.add('a@x.example', 'bounced');
    list.add('b@x.example', 'bounced');
    list.add('a@x.example', 'complained');
    list.add('c@x.example', 'unsubscribed');

    expect(list.reasonsFor(['A@x.example', 'b@x.example'])).toEqual([
      'complained',
      undefined,
    ]);
    list.delete('a@x.example');
    expect(list.size).toBe(1);
  });
});

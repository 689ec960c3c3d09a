import { createTransport } from 'nodemailer';
import { describe, expect, it } from 'vitest';
import { MailService, SendGridTransport } from 'nestjs-sendgrid-smtp';
import { MESSAGE } from './support/options.js';
import { recordLogs } from './support/recording-logger.js';
import { RelayedApp } from './support/relayed-app.js';

const logger = recordLogs();
const DEFAULTS = { from: 'Shop <shop@example.com>' };
const TWO = { messages: 2, perMs: 3_600_000 } as const;

const site = new RelayedApp(logger, { defaults: DEFAULTS });

async function outcomes(mail: MailService, count: number): Promise<string[]> {
  const sends = Array.from({ length: count }, () => mail.send(MESSAGE));
  const settled = await Promise.allSettled(sends);
  return settled.map((one) =>
    one.status === 'fulfilled'
      ? 'sent'
      : String(Reflect.get(one.reason, 'code')),
  );
}

const tripLines = (): string[] =>
  logger.ours.filter(
    (line) => line.startsWith('warn') && /guards\./.test(line),
  );

describe('guards', () => {
  it.each(['perRecipient', 'total'])(
    'refuse what is too many, with one log line: %s',
    async (name) => {
      const guard = { ...TWO, onExceeded: 'reject' } as const;
      const mail = await site.start({ guards: { [name]: guard } });

      const ended = await outcomes(mail, 5);

      expect(ended).toEqual(['sent', 'sent', 'GUARD', 'GUARD', 'GUARD']);
      expect(site.relay.messages).toHaveLength(2);
      expect(mail.stats().totals).toMatchObject({ notSent: 3, pending: 0 });
      expect(tripLines()).toHaveLength(1);
      expect(tripLines()[0]).not.toContain('ada@');
    },
  );

  it('send all the same where they warn', async () => {
    const total = { ...TWO, onExceeded: 'warn' } as const;
    const mail = await site.start({ guards: { total } });

    const ended = await outcomes(mail, 5);

    expect(ended).toEqual(Array(5).fill('sent'));
    expect(tripLines()).toHaveLength(1);
  });

  it('know recipients by who they were before a redirect', async () => {
    const perRecipient = { ...TWO, onExceeded: 'reject' } as const;
    const mail = await site.start({
      guards: { perRecipient },
      redirect: { to: 'qa@staging.example' },
    });

    expect(await outcomes(mail, 2)).toEqual(['sent', 'sent']);
    await expect(
      mail.send({ ...MESSAGE, to: 'bob@example.net' }),
    ).resolves.toMatchObject({ accepted: ['qa@staging.example'] });
    expect(await outcomes(mail, 1)).toEqual(['GUARD']);
  });

  it.each(['capture', 'discard'] as const)('hold in mode %s', async (mode) => {
    const total = { ...TWO, onExceeded: 'reject' } as const;
    const mail = await site.start({ mode, guards: { total } });

    expect(await outcomes(mail, 3)).toEqual(['sent', 'sent', 'GUARD']);
  });

  it('do not count messages that are refused before', async () => {
    const total = { ...TWO, onExceeded: 'reject' } as const;
    const mail = await site.start({ guards: { total } });

    for (const message of [{ to: [] }, { ...MESSAGE, from: null }]) {
      await expect(mail.send(message)).rejects.toMatchObject({
        code: 'INVALID_MESSAGE',
      });
    }

    expect(await outcomes(mail, 3)).toEqual(['sent', 'sent', 'GUARD']);
  });

  it('hold in a transport without Nest', async () => {
    const total = { ...TWO, onExceeded: 'reject' } as const;
    const transport = new SendGridTransport({
      ...site.relay.options,
      guards: { total },
    });
    const mailer = createTransport(transport, DEFAULTS);
    const send = (): Promise<unknown> =>
      mailer.sendMail({ to: 'ada@example.net', text: 'Hi' });

    await send();
    await send();

    await expect(send()).rejects.toMatchObject({ code: 'GUARD' });
    await transport.close();
  });
});

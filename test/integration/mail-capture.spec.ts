import { Module } from '@nestjs/common';
import { Test, type TestingModule } from '@nestjs/testing';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  getMailServiceToken,
  MailService,
  SendGridSmtpModule,
} from 'nestjs-sendgrid-smtp';
import { overrideMail, type MailCapture } from 'nestjs-sendgrid-smtp/testing';
import { recordLogs } from './support/recording-logger.js';

recordLogs();

@Module({
  imports: [
    SendGridSmtpModule.forRoot({ apiKey: 'none' }),
    SendGridSmtpModule.forRoot({ name: 'alerts', apiKey: 'none' }),
  ],
})
class AppModule {}

let module: TestingModule;
let mail: MailCapture;
let alerts: MailCapture;
let service: MailService;

beforeEach(async () => {
  const builder = Test.createTestingModule({ imports: [AppModule] });
  mail = overrideMail(builder);
  alerts = overrideMail(builder, 'alerts');
  module = await builder.compile();
  service = module.get(MailService);
});
afterEach(async () => {
  vi.useRealTimers();
  await module.close();
});

function hello(
  to: string,
  subject = 'Hello',
): {
  to: string;
  subject: string;
  text: string;
} {
  return { to, subject, text: 'Hi' };
}

describe('waitFor', () => {
  it('resolves with what nobody awaits', async () => {
    setTimeout(() => {
      service.enqueue(hello('eve@example.com'));
      service.enqueue(hello('ada@example.com', 'Welcome'));
    }, 5);

    const [found] = await mail.waitFor({
      to: 'ada@example.com',
      subject: /welcome/i,
    });

    expect(found?.subject).toBe('Welcome');
    await expect(mail.waitFor(2)).resolves.toHaveLength(2);
    await expect(
      mail.waitFor(({ recipients }) => recipients.includes('eve@example.com')),
    ).resolves.toHaveLength(1);
  });

  it('shows what was sent when its time is over', async () => {
    await service.send(hello('eve@example.com'));

    const waiting = mail.waitFor({ to: 'ada@example.com' }, { timeoutMs: 20 });

    await expect(waiting).rejects.toThrow(
      'Waited 20 ms for a message with to "ada@example.com". Sent:\n  "Hello" to eve@example.com',
    );
  });

  it('goes by the real clock', async () => {
    vi.useFakeTimers();

    await expect(mail.waitFor(1, { timeoutMs: 20 })).rejects.toThrow(
      /Waited 20 ms for 1 messages/,
    );
  });

  it('rejects with what a predicate throws', async () => {
    await service.send(hello('ada@example.com'));

    const waiting = mail.waitFor(() => {
      throw new Error('My own');
    });

    await expect(waiting).rejects.toThrow('My own');
  });

  it('refuses a query that can find nothing', () => {
    expect(() => mail.waitFor({ recipient: 'ada' } as object)).toThrow(
      /not looked for by `recipient`/,
    );
  });
});

describe('only', () => {
  it('sees, waits for and clears its own messages', async () => {
    const ada = mail.only({ to: 'ada@example.com' });
    const news = mail.only({ subject: 'News' });
    await service.send(hello('ada@example.com'));
    await service.send(hello('bob@example.com', 'News'));
    await service.send(hello('ada@example.com', 'News'));

    expect(ada.sent()).toHaveLength(2);
    expect(ada.lastTo('bob@example.com')).toBeUndefined();
    expect(ada.only({ subject: 'News' }).sent()).toHaveLength(1);
    await expect(news.waitFor(2)).resolves.toHaveLength(2);

    ada.clear();

    expect(mail.sent()).toHaveLength(1);
    expect(mail.lastTo('bob@example.com')).toBeDefined();
  });

  it('fails its own messages only', async () => {
    const ada = mail.only({ to: 'ada@example.com' });
    ada.failNext('550 No such user');

    await service.send(hello('bob@example.com'));
    await expect(service.send(hello('ada@example.com'))).rejects.toThrow(
      /No such user/,
    );
    await service.send(hello('ada@example.com'));

    expect(mail.sent()).toHaveLength(2);
  });

  it('clears the failures scripted over it, and no others', async () => {
    const ada = mail.only({ to: 'ada@example.com' });
    const bob = mail.only({ to: 'bob@example.com' });
    ada.failNext('550 Ada');
    bob.failNext('550 Bob');

    ada.clear();

    await service.send(hello('ada@example.com'));
    await expect(service.send(hello('bob@example.com'))).rejects.toThrow(/Bob/);
  });

  it('keeps tests apart that share an application', async () => {
    const test = async (
      n: number,
    ): Promise<readonly (string | undefined)[]> => {
      const to = `test-${n}@example.com`;
      const own = mail.only({ to });
      if (n % 2 === 0) own.failNext('451 Later');
      setTimeout(() => {
        service.enqueue(hello(to, `First of ${n}`));
        service.enqueue(hello(to, `Last of ${n}`));
      }, n % 7);
      const expected = n % 2 === 0 ? 1 : 2;
      await own.waitFor(expected);
      const subjects = own.sent().map(({ subject }) => subject);
      own.clear();
      return subjects;
    };

    const all = await Promise.all(
      Array.from({ length: 50 }, (_, n) => test(n)),
    );

    expect(all).toEqual(
      Array.from({ length: 50 }, (_, n) =>
        n % 2 === 0 ? [`Last of ${n}`] : [`First of ${n}`, `Last of ${n}`],
      ),
    );
    expect(mail.sent()).toEqual([]);
  });
});

describe('named instances', () => {
  it('are captured, awaited, failed and cleared apart', async () => {
    const named = module.get<MailService>(getMailServiceToken('alerts'));
    alerts.failNext('550 Alerts only');
    await service.send(hello('ada@example.com'));
    await expect(named.send(hello('ada@example.com'))).rejects.toThrow(
      /Alerts only/,
    );
    await named.send(hello('bob@example.com'));

    mail.clear();

    expect(mail.sent()).toEqual([]);
    await expect(alerts.waitFor(1)).resolves.toMatchObject([
      { recipients: ['bob@example.com'] },
    ]);
  });
});

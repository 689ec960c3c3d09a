import type { INestApplicationContext } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { Test } from '@nestjs/testing';
import { afterEach, describe, expect, it, vi } from 'vitest';
import {
  MailService,
  SendGridSmtpModule,
  type DrainReport,
  type MailEvent,
  type SendGridSmtpModuleOptions,
} from 'nestjs-sendgrid-smtp';
import {
  capturedMail,
  overrideMail,
  type MailCapture,
} from 'nestjs-sendgrid-smtp/testing';
import { CAPTURE, MESSAGE } from './support/options.js';
import { recordLogs } from './support/recording-logger.js';

const logger = recordLogs();

let app: INestApplicationContext | undefined;
let captured: MailCapture;

afterEach(async () => {
  await app?.close();
  app = undefined;
});

const TENANTS = {
  ...CAPTURE,
  tenants: (id) => ({ defaults: { from: `mail@${id}.example` } }),
} as const satisfies SendGridSmtpModuleOptions;

async function start(
  options: SendGridSmtpModuleOptions = TENANTS,
): Promise<MailService> {
  app = await NestFactory.createApplicationContext(
    SendGridSmtpModule.forRoot(options),
    { logger },
  );
  captured = capturedMail(app, options.name);
  return app.get(MailService);
}

const senders = (): string[] =>
  captured.sent().map(({ envelope }) => envelope.from);

describe('forTenant', () => {
  it('sends with what is the tenant’s own', async () => {
    const mail = await start();
    const receipt = await mail.forTenant('acme').send(MESSAGE);
    await mail.send(MESSAGE);

    expect(senders()).toEqual(['mail@acme.example', 'shop@example.com']);
    expect(captured.sent().map(({ tenant }) => tenant)).toEqual([
      'acme',
      undefined,
    ]);
    expect(receipt.envelope.from).toBe('mail@acme.example');
  });

  it('asks for a tenant at its first use, once', async () => {
    const tenants = vi.fn<(id: string) => object>(() => ({}));
    const mail = await start({ ...CAPTURE, tenants });
    const acme = mail.forTenant('acme');
    expect(acme.stats().totals.submitted).toBe(0);
    expect(tenants).not.toHaveBeenCalled();
    await acme.send(MESSAGE);
    await mail.forTenant('acme').send(MESSAGE);
    await mail.forTenant('acme').verify();

    expect(tenants.mock.calls).toEqual([['acme']]);
    expect(acme.stats().totals.accepted).toBe(2);
    expect(mail.stats().totals.accepted).toBe(0);
  });

  it('rejects what is sent for a tenant that is not known, and asks again', async () => {
    let known = false;
    const mail = await start({
      ...CAPTURE,
      tenants: () => {
        if (!known) throw new Error('No such tenant');
        return {};
      },
    });
    const heard: MailEvent[] = [];
    mail.events$.subscribe((event) => heard.push(event));
    const acme = mail.forTenant('acme');
    await expect(acme.send(MESSAGE)).rejects.toThrow(
      /`tenants\('acme'\)` failed: Error: No such tenant/,
    );
    await expect(acme.verify()).rejects.toMatchObject({
      code: 'INVALID_OPTIONS',
    });
    acme.enqueue(MESSAGE);
    await new Promise(setImmediate);
    expect(heard).toMatchObject([
      { type: 'failed', code: 'INVALID_OPTIONS', tenant: 'acme' },
      { type: 'failed', code: 'INVALID_OPTIONS', tenant: 'acme' },
    ]);
    expect(logger.text).toMatch(/Mail <.*> of acme: INVALID_OPTIONS/);
    known = true;
    await acme.send(MESSAGE);

    expect(captured.sent()).toHaveLength(1);
  });

  it.each(['', 'x'.repeat(257), 7 as unknown as string])(
    'refuses an id that is none: %j',
    async (id) => {
      const mail = await start();

      expect(() => mail.forTenant(id)).toThrow(
        expect.objectContaining({ code: 'INVALID_MESSAGE' }),
      );
    },
  );

  it('is refused without the option, and on the service of a tenant', async () => {
    const mail = await start(CAPTURE);
    expect(() => mail.forTenant('acme')).toThrow(/`tenants` is not set/);
    await app?.close();
    const other = await start();

    expect(() => other.forTenant('acme').forTenant('b')).toThrow(
      /on the service of tenant 'acme'/,
    );
  });

  it('holds redirect and the tenant’s senders', async () => {
    const mail = await start({
      ...CAPTURE,
      redirect: { to: 'qa@shop.example' },
      tenants: (id) => ({ allowedFrom: [`${id}.example`] }),
    });
    const acme = mail.forTenant('acme');
    await acme.send({ ...MESSAGE, from: 'a@acme.example' });

    expect(captured.sent()[0]?.envelope.to).toEqual(['qa@shop.example']);
    await expect(acme.send(MESSAGE)).rejects.toMatchObject({ code: 'SENDER' });
  });
});

describe('the events of tenants', () => {
  it('reach the instance with their ids, and each its own service', async () => {
    const mail = await start({ ...TENANTS, name: undefined });
    const [acme, all]: [MailEvent[], MailEvent[]] = [[], []];
    let completed = 0;
    const complete = (): void => void (completed += 1);
    mail.events$.subscribe({ next: (event) => all.push(event), complete });
    mail
      .forTenant('acme')
      .events$.subscribe({ next: (event) => acme.push(event), complete });
    await mail.forTenant('acme').send(MESSAGE);
    await mail.forTenant('other').send(MESSAGE);
    await mail.send(MESSAGE);
    await mail.drain();
    await new Promise(setImmediate);

    expect(all.map(({ type, tenant }) => [type, tenant])).toEqual([
      ['queued', 'acme'],
      ['sent', 'acme'],
      ['queued', 'other'],
      ['sent', 'other'],
      ['queued', undefined],
      ['sent', undefined],
      ['drained', undefined],
    ]);
    expect(acme.map(({ type }) => type)).toEqual(['queued', 'sent']);
    expect(completed).toBe(2);
  });
});

describe('controls', () => {
  it('of the instance pause every tenant, also those that come later', async () => {
    const mail = await start();
    const [acme, other] = [mail.forTenant('acme'), mail.forTenant('other')];
    await acme.send(MESSAGE);
    mail.pause('An incident');
    const sends = [acme.send(MESSAGE), other.send(MESSAGE)];
    acme.resume();
    await new Promise(setImmediate);
    expect(captured.sent()).toHaveLength(1);
    expect(acme.stats().paused).toBe('An incident');
    expect(mail.forTenant('third').stats().paused).toBe('An incident');
    mail.resume();
    await Promise.all(sends);

    expect(captured.sent()).toHaveLength(3);
  });

  it('of a tenant pause that one, until it is resumed itself', async () => {
    const mail = await start();
    const [acme, other] = [mail.forTenant('acme'), mail.forTenant('other')];
    acme.pause('Complaints');
    const held = acme.send(MESSAGE);
    await other.send(MESSAGE);
    mail.pause('An incident');
    mail.resume();
    await new Promise(setImmediate);
    expect(acme.stats().paused).toBe('Complaints');
    expect(senders()).toEqual(['mail@other.example']);
    acme.resume();
    await held;

    expect(senders()).toEqual(['mail@other.example', 'mail@acme.example']);
  });

  it('purge every tenant, or one', async () => {
    const mail = await start();
    mail.pause('An incident');
    const [acme, other] = [mail.forTenant('acme'), mail.forTenant('other')];
    const sends = Promise.allSettled([
      mail.send(MESSAGE),
      acme.send({ ...MESSAGE, subject: 'acme' }),
      other.send({ ...MESSAGE, subject: 'other' }),
    ]);
    await new Promise(setImmediate);
    const first = acme.purge();
    await new Promise(setImmediate);
    const rest = mail.purge();

    expect(first.map(({ message }) => message['subject'])).toEqual(['acme']);
    expect(rest.map(({ message }) => message['subject'])).toEqual([
      MESSAGE.subject,
      'other',
    ]);
    expect((await sends).map(({ status }) => status)).toEqual(
      Array.from({ length: 3 }, () => 'rejected'),
    );
  });
});

describe('draining', () => {
  it('covers every tenant, in one report', async () => {
    const reports: DrainReport[] = [];
    const mail = await start({
      ...TENANTS,
      shutdown: {
        timeoutMs: 50,
        onReport: (report) => void reports.push(report),
      },
    });
    mail.pause('For good');
    const ids = ['acme', 'other'];
    const sends = Promise.allSettled([
      mail.send(MESSAGE),
      ...ids.map((subject) =>
        mail.forTenant(subject).send({ ...MESSAGE, subject }),
      ),
    ]);
    await new Promise(setImmediate);
    await app?.close();

    expect(reports).toMatchObject([{ accepted: 0, notSent: 3 }]);
    const abandoned = reports[0]?.abandoned ?? [];
    expect(abandoned.map(({ message }) => message['subject'])).toEqual([
      MESSAGE.subject,
      ...ids,
    ]);
    for (const result of await sends) {
      expect(result).toMatchObject({ reason: { code: 'SHUT_DOWN' } });
    }
    for (const id of [...ids, 'new']) {
      await expect(mail.forTenant(id).send(MESSAGE)).rejects.toMatchObject({
        code: 'SHUT_DOWN',
      });
    }
  });

  it('of one tenant ends what it has, and its next send begins anew', async () => {
    const mail = await start();
    const acme = mail.forTenant('acme');
    acme.pause('Leaving');
    const [held] = await Promise.allSettled([
      acme.send(MESSAGE),
      acme.drain({ timeoutMs: 20 }),
    ]);
    expect(held).toMatchObject({ reason: { code: 'SHUT_DOWN' } });
    expect(await acme.drain()).toMatchObject({ notSent: 0, abandoned: [] });
    const again = acme.send(MESSAGE);
    expect(acme.stats()).toMatchObject({
      paused: 'Leaving',
      totals: { pending: 1 },
    });
    acme.resume();
    await again;

    expect(acme.stats().totals).toMatchObject({ submitted: 1, accepted: 1 });
  });
});

describe('overrideMail', () => {
  it('captures the mail of tenants, whatever the application knows of them', async () => {
    const builder = Test.createTestingModule({
      imports: [
        SendGridSmtpModule.forRootAsync({
          useFactory: () => {
            throw new Error('The factory was called');
          },
        }),
      ],
    });
    const mail = overrideMail(builder);
    const module = await builder.compile();
    await module.get(MailService).forTenant('acme').send(MESSAGE);
    mail.failNext('550 5.1.1 No such user');
    const failed = module.get(MailService).forTenant('b').send(MESSAGE);

    await expect(failed).rejects.toMatchObject({ code: 'REJECTED' });
    expect(mail.lastTo(MESSAGE.to)?.tenant).toBe('acme');
    await module.close();
  });
});

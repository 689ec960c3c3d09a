import nodemailer from 'nodemailer';
import { Readable } from 'node:stream';
import { describe, expect, it, vi } from 'vitest';
import {
  SendGridTransport,
  type MailError,
  type MailEvent,
  type MailService,
  type SendReceipt,
} from 'nestjs-sendgrid-smtp';
import { capturedMail } from 'nestjs-sendgrid-smtp/testing';
import { MESSAGE } from './support/options.js';
import { recordLogs } from './support/recording-logger.js';
import { RelayedApp } from './support/relayed-app.js';

const application = new RelayedApp(recordLogs(), {
  defaults: { from: 'Shop <shop@example.com>' },
  retry: { maxAttempts: 1 },
});

function recipients(count: number, name = 'r'): string[] {
  return Array.from({ length: count }, (_, n) => `${name}${n}@example.net`);
}

function sizes({ relay }: RelayedApp): number[] {
  return relay.messages
    .map(({ envelope }) => envelope.to.length)
    .toSorted((a, b) => b - a);
}

async function failureOf(sent: Promise<SendReceipt>): Promise<MailError> {
  return sent.then(
    () => {
      throw new Error('It was sent');
    },
    (error: MailError) => error,
  );
}

describe('A message with more than 1,000 recipients', () => {
  it('is refused or split in a run, too', async () => {
    const mail = await application.start({});
    const list = [
      { ...MESSAGE, to: recipients(1500) },
      { ...MESSAGE, to: recipients(2) },
    ];

    const refused = await mail.sendMany(list);
    const split = await mail.sendMany(list, { split: true });

    expect(refused).toMatchObject({ accepted: 1, notSent: 1 });
    expect(split).toMatchObject({ accepted: 2 });
    expect(sizes(application)).toEqual([1000, 500, 2, 2]);
  });

  it.each([
    ['of to', { to: recipients(1001) }],
    [
      'of all kinds',
      {
        to: recipients(400),
        cc: recipients(400, 'c'),
        bcc: recipients(201, 'b'),
      },
    ],
  ])('%s is refused', async (_, fields) => {
    const mail = await application.start({});

    const error = await failureOf(mail.send({ ...MESSAGE, ...fields }));

    expect(error).toMatchObject({
      code: 'INVALID_MESSAGE',
      deliveryState: 'not-sent',
    });
    expect(error.message).toMatch(
      /1001 recipients.*`split.*sendMany.*sendMerge/,
    );
    expect(mail.stats().totals).toMatchObject({ submitted: 1, notSent: 1 });
    expect(application.relay.messages).toEqual([]);
  });

  it('is refused whatever `redirect` would make of it', async () => {
    const mail = await application.start({
      mode: 'capture',
      redirect: { to: 'qa@staging.example' },
    });

    const sent = mail.send({ ...MESSAGE, to: recipients(1001) });

    expect(await failureOf(sent)).toMatchObject({ code: 'INVALID_MESSAGE' });
  });

  it('is refused by the transport under nodemailer', async () => {
    const mailer = nodemailer.createTransport(
      new SendGridTransport({ mode: 'capture' }),
    );

    await expect(
      mailer.sendMail({
        ...MESSAGE,
        from: 'shop@example.com',
        to: recipients(1001),
      }),
    ).rejects.toMatchObject({ code: 'INVALID_MESSAGE' });
  });

  it('goes out as one when the X-SMTPAPI header names them', async () => {
    const mail = await application.start({});
    const to = recipients(1500);

    const receipt = await mail.send({
      ...MESSAGE,
      to,
      sendgrid: { substitutions: { '-n-': to.map((_, n) => String(n)) } },
    });

    expect(receipt.accepted).toEqual(to);
    expect(receipt.parts).toBeUndefined();
    expect(sizes(application)).toEqual([1]);
  });

  it('goes out as one when the addresses named twice are left out', async () => {
    const mail = await application.start({});
    const to = recipients(1000);

    const receipt = await mail.send({ ...MESSAGE, to, cc: to.slice(0, 10) });

    expect(receipt.accepted).toEqual(to);
    expect(receipt.parts).toBeUndefined();
  });
});

describe('The option split', () => {
  it('sends one message to parts of its recipients', async () => {
    const mail = await application.start({});
    const [to, cc, bcc] = [
      recipients(900),
      recipients(900, 'c'),
      recipients(300, 'b'),
    ];

    const receipt = await mail.send(
      { ...MESSAGE, to, cc, bcc },
      { split: true },
    );

    expect(sizes(application)).toEqual([1000, 1000, 100]);
    const [first, ...others] = application.relay.messages;
    for (const other of others) expect(other.raw).toEqual(first?.raw);
    expect(first?.to).toHaveLength(900);
    expect(first?.cc).toHaveLength(900);
    expect(first?.raw.toString()).not.toContain('b0@example.net');
    expect(receipt).toMatchObject({
      messageId: first?.messageId,
      envelope: { from: 'shop@example.com', to: [...to, ...cc, ...bcc] },
      accepted: [...to, ...cc, ...bcc],
      rejected: [],
      attempts: 1,
    });
    expect(receipt.parts?.map((part) => part.recipients.length)).toEqual([
      1000, 1000, 100,
    ]);
    const ids = receipt.parts?.map((part) =>
      part.status === 'accepted' ? part.sendGridId : undefined,
    );
    expect(new Set(ids)).toEqual(
      new Set(application.relay.messages.map(({ id }) => id)),
    );
    expect(receipt.sendGridId).toBe(ids?.[0]);
  });

  it('changes nothing for fewer recipients', async () => {
    const mail = await application.start({});

    const receipt = await mail.send(MESSAGE, { split: true });

    expect(receipt.parts).toBeUndefined();
  });

  it('is taken by enqueue', async () => {
    const mail = await application.start({});

    mail.enqueue({ ...MESSAGE, to: recipients(1001) }, { split: true });
    await mail.drain();

    expect(sizes(application)).toEqual([1000, 1]);
  });

  it('waits for room in a queue that else refuses', async () => {
    const mail = await application.start({
      queue: { maxMessages: 1, maxBytes: 1 },
      pool: { maxConnections: 1 },
    });

    await mail.send({ ...MESSAGE, to: recipients(3500) }, { split: true });

    expect(sizes(application)).toEqual([1000, 1000, 1000, 500]);
  });

  it('tells which parts were not accepted', async () => {
    const mail = await application.start({});
    application.relay.fail('message', '554 Rejected', {
      when: ({ recipients: [first] }) => first === 'r1000@example.net',
    });
    const to = recipients(2500);

    const receipt = await mail.send({ ...MESSAGE, to }, { split: true });

    expect(receipt.accepted).toEqual([...to.slice(0, 1000), ...to.slice(2000)]);
    expect(receipt.rejected).toEqual(to.slice(1000, 2000));
    expect(receipt.recipients).toHaveLength(2500);
    expect(receipt.parts?.map(({ status }) => status)).toEqual([
      'accepted',
      'rejected',
      'accepted',
    ]);
    expect(receipt.parts?.[1]).toMatchObject({
      error: { code: 'REJECTED', responseCode: 554 },
    });
  });

  it('rejects with the worst of the parts when none was accepted', async () => {
    const mail = await application.start({});
    const { relay } = application;
    relay.fail('message', 'accept-and-drop', {
      when: ({ recipients: [first] }) => first === 'r1000@example.net',
    });
    relay.fail('message', '554 Rejected', {
      times: 2,
      when: ({ recipients: [first] }) => first !== 'r1000@example.net',
    });
    const to = recipients(2500);

    const error = await failureOf(
      mail.send({ ...MESSAGE, to }, { split: true }),
    );

    expect(error.code).toBe('OUTCOME_UNKNOWN');
    expect(error.recipients?.map(({ address }) => address)).toEqual(to);
    const states = error.recipients?.map(({ state }) => state);
    expect(states?.filter((state) => state === 'unknown')).toHaveLength(1000);
    expect(states?.filter((state) => state === 'rejected')).toHaveLength(1500);
  });

  it('takes a function that opens a stream, and no stream', async () => {
    const mail = await application.start({ queue: { maxStreamBytes: 100 } });
    const text = 'A line of text\r\n'.repeat(1000);
    const message = { ...MESSAGE, to: recipients(1001) };
    const open = () => Readable.from([text]);

    await mail.send({ ...message, text: open }, { split: true });
    const error = await failureOf(
      mail.send({ ...message, text: open() }, { split: true }),
    );

    expect(sizes(application)).toEqual([1000, 1]);
    expect(error).toMatchObject({ code: 'INVALID_MESSAGE' });
    expect(error.message).toContain('cannot be split');
  });

  it('aborts every part with one signal', async () => {
    const mail = await application.start({});
    mail.pause('the test');
    const abort = new AbortController();
    const { signal } = abort;
    const sent = failureOf(
      mail.send({ ...MESSAGE, to: recipients(2001) }, { split: true, signal }),
    );
    await untilQueued(mail, 3);

    abort.abort();

    expect(await sent).toMatchObject({ code: 'ABORTED' });
    expect(mail.stats()).toMatchObject({
      queue: { messages: 0 },
      totals: { submitted: 3, notSent: 3, pending: 0 },
    });
  });

  it('gives a purged part back as a message to its recipients', async () => {
    const mail = await application.start({ correlation: false });
    mail.pause('the test');
    const to = recipients(1500);
    const sent = failureOf(mail.send({ ...MESSAGE, to }, { split: true }));
    await untilQueued(mail, 2);

    const purged = mail.purge();
    mail.resume();
    for (const { message } of purged) await mail.send(message);

    expect(await sent).toMatchObject({ code: 'ABORTED' });
    expect(sizes(application)).toEqual([1000, 500]);
    expect(application.relay.messages[1]?.to).toHaveLength(1500);
  });

  it('tells of each part in the events', async () => {
    const mail = await application.start({});
    const events: MailEvent[] = [];
    mail.events$.subscribe((event) => events.push(event));

    await mail.send({ ...MESSAGE, to: recipients(1500) }, { split: true });

    const sent = events.flatMap((event) =>
      event.type === 'sent' ? [event.accepted] : [],
    );
    expect(sent.toSorted((a, b) => b - a)).toEqual([1000, 500]);
    expect(mail.stats().totals).toMatchObject({ submitted: 2, accepted: 2 });
  });

  it('captures each part', async () => {
    const mail = await application.start({ mode: 'capture' });

    await mail.send({ ...MESSAGE, to: recipients(1500) }, { split: true });

    const captured = capturedMail(application.app).sent();
    expect(captured.map(({ envelope }) => envelope.to.length)).toEqual([
      1000, 500,
    ]);
    expect(captured[1]).toMatchObject({ subject: 'Hello', text: 'Hi Ada' });
  });

  it('is a boolean', async () => {
    const mail = await application.start({ mode: 'capture' });

    // @ts-expect-error -- what untyped callers may give
    const error = await failureOf(mail.send(MESSAGE, { split: 'yes' }));

    expect(error).toMatchObject({ code: 'INVALID_MESSAGE' });
  });
});

async function untilQueued(mail: MailService, count: number): Promise<void> {
  await vi.waitFor(
    () => expect(mail.stats().queue.byLane.normal.messages).toBe(count),
    10_000,
  );
}

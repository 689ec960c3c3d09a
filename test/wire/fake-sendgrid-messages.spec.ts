import { createTransport } from 'nodemailer';
import { afterEach, describe, expect, it } from 'vitest';
import { FakeSendGrid } from '../../lib/testing/fake-sendgrid.js';
import type { FakeSendGridOptions } from '../../lib/testing/fake-sendgrid/options.js';
import { ENVELOPE, RawClient } from './fake-sendgrid-client.js';

describe('the messages of FakeSendGrid', () => {
  let relay: FakeSendGrid;
  afterEach(() => relay.stop());

  async function start(options: FakeSendGridOptions = {}): Promise<RawClient> {
    relay = await FakeSendGrid.start(options);
    return RawClient.ready(relay);
  }

  async function send(client: RawClient, subject: string): Promise<string> {
    for (const command of ENVELOPE) await client.say(command);
    return client.say(`Subject: ${subject}\r\n\r\n.`);
  }

  it('are parsed', async () => {
    relay = await FakeSendGrid.start();
    const { apiKey, host, port, tls } = relay.options;
    const transport = createTransport({
      host,
      port,
      tls,
      auth: { user: 'apikey', pass: apiKey },
    });

    await transport.sendMail({
      from: 'Zoë <zoe@example.com>',
      to: 'b@example.com, "C, D" <c@example.com>',
      cc: 'e@example.com',
      replyTo: 'r@example.com',
      messageId: '<1@example.com>',
      subject: 'Grüße',
      text: 'plain',
      html: '<p>rich</p>',
      headers: { 'X-Test': 'yes' },
      attachments: [{ filename: 'a.txt', content: 'attached' }],
    });

    const [message] = relay.messages;
    expect(message).toMatchObject({
      connection: 1,
      from: { name: 'Zoë', address: 'zoe@example.com' },
      to: [
        { name: '', address: 'b@example.com' },
        { name: 'C, D', address: 'c@example.com' },
      ],
      cc: [{ address: 'e@example.com' }],
      replyTo: [{ address: 'r@example.com' }],
      messageId: '<1@example.com>',
      subject: 'Grüße',
      text: 'plain\n',
      html: '<p>rich</p>\n',
      attachments: [{ filename: 'a.txt', mimeType: 'text/plain' }],
    });
    expect(message?.headers).toContainEqual({
      key: 'x-test',
      originalKey: 'X-Test',
      value: 'yes',
    });
    expect(message?.raw.toString()).toMatch(/^X-Test: yes\r\n/);
  });

  it.each<[string, string, unknown]>([
    ['on one line', 'X-SMTPAPI: {"to":["a  b"]}', { to: ['a  b'] }],
    [
      'folded, in any case',
      'x-smtpapi: {"to":\r\n ["a\r\n  b",\r\n "\\u00fc"]}',
      { to: ['a  b', 'ü'] },
    ],
    ['not there', 'X-Test: {}', undefined],
    ['no JSON', 'X-SMTPAPI: {', undefined],
    ['there twice', 'X-SMTPAPI: {}\r\nX-SMTPAPI: {}', undefined],
    ['in the body', 'X-Test: 1\r\n\r\nX-SMTPAPI: {}', undefined],
  ])('have their X-SMTPAPI header read: %s', async (_label, head, smtpApi) => {
    const client = await start();

    await send(client, `one\r\n${head}`);

    expect(relay.messages[0]?.subject).toBe('one');
    expect(relay.messages[0]?.smtpApi).toEqual(smtpApi);
  });

  it('stay unparsed when told so', async () => {
    const client = await start({ parse: false });

    await send(client, 'one');

    expect(relay.messages[0]).toMatchObject({ headers: [], to: [] });
    expect(relay.messages[0]?.subject).toBeUndefined();
    expect(relay.messages[0]?.raw.toString()).toBe('Subject: one\r\n\r\n');
  });

  it('are taken even when they cannot be parsed', async () => {
    const client = await start();
    for (const command of ENVELOPE) await client.say(command);

    // postal-mime gives up on more than 2 MiB of headers.
    const header = `X: ${'x'.repeat(900)}\r\n`;
    const reply = await client.say(`${header.repeat(2500)}\r\n.`);

    expect(reply).toMatch(/^250 Ok/);
    expect(relay.messages[0]?.headers).toEqual([]);
  });

  it('are kept up to a bound', async () => {
    const client = await start({ keepMessages: 2 });

    for (const subject of ['one', 'two', 'three']) await send(client, subject);

    expect(relay.messages.map(({ subject }) => subject)).toEqual([
      'two',
      'three',
    ]);
    expect(relay.counters.accepted).toBe(3);
  });

  it('need not be kept at all', async () => {
    const client = await start({ keepMessages: 0 });

    await send(client, 'one');

    expect(relay.messages).toEqual([]);
    expect(relay.counters.accepted).toBe(1);
  });

  it('can be waited for, by count', async () => {
    const client = await start();
    const waiting = relay.waitFor(2);

    await send(client, 'one');
    await send(client, 'two');
    await send(client, 'three');

    expect((await waiting).map(({ subject }) => subject)).toEqual([
      'one',
      'two',
    ]);
    expect(await relay.waitFor(3)).toHaveLength(3);
  });

  it('can be waited for, by what they hold', async () => {
    const client = await start();
    const waiting = relay.waitFor(({ subject }) => subject === 'two');

    await send(client, 'one');
    await send(client, 'two');

    expect((await waiting).map(({ subject }) => subject)).toEqual(['two']);
  });

  it('are given up on when the time is over', async () => {
    const client = await start();
    await send(client, 'one');

    await expect(relay.waitFor(2, { timeoutMs: 5 })).rejects.toMatchObject({
      name: 'FakeSendGridError',
      code: 'TIMED_OUT',
      message:
        'Waited 5 ms for 2 messages; 1 accepted, 0 refused, 1 connections of which 1 open.',
    });
  });

  it('reject a wait whose predicate throws', async () => {
    const client = await start();
    await expect(
      relay.waitUntil(() => {
        throw new Error('broken at once');
      }),
    ).rejects.toThrow('broken at once');

    const later = relay.waitUntil(({ accepted }) => {
      if (accepted > 0) throw new Error('broken later');
      return false;
    });

    await Promise.all([
      expect(later).rejects.toThrow('broken later'),
      send(client, 'one'),
    ]);
  });
});

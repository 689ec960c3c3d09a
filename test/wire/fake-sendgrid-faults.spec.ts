import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FakeSendGrid } from '../../lib/testing/fake-sendgrid.js';
import type { FaultStage } from '../../lib/testing/fake-sendgrid/faults.js';
import { BODY, ENVELOPE, RawClient, plain } from './fake-sendgrid-client.js';

const STAGES: readonly FaultStage[] = [
  'greeting',
  'ehlo',
  'starttls',
  'auth',
  'mail',
  'rcpt',
  'data',
  'body',
  'message',
];

describe('a scripted fault', () => {
  let relay: FakeSendGrid;
  beforeEach(async () => {
    relay = await FakeSendGrid.start();
  });
  afterEach(() => relay.stop());

  /** Every step of a conversation, up to the one that `stage` names. */
  async function goTo(stage: FaultStage): Promise<RawClient> {
    const client = await RawClient.connect(relay);
    const steps: [FaultStage, () => void][] = [
      ['greeting', () => undefined],
      ['ehlo', () => client.lines('EHLO x')],
      ['auth', () => client.lines(plain('apikey', relay.options.apiKey))],
      ['mail', () => client.lines('MAIL FROM:<a@example.com>')],
      ['rcpt', () => client.lines('RCPT TO:<b@example.com>')],
      ['data', () => client.lines('DATA')],
      ['message', () => client.lines(BODY)],
    ];
    const last = stage === 'starttls' ? 'ehlo' : stage;
    for (const [step, act] of steps) {
      if (step === 'message' && stage === 'body') {
        client.write('F');
        return client;
      }
      act();
      if (step === last) break;
      await client.replies(1);
    }
    if (stage !== 'starttls') return client;
    await client.replies(1);
    client.lines('STARTTLS');
    return client;
  }

  it.each(STAGES)('answers at the stage %s', async (stage) => {
    relay.fail(stage, '451 Try again later');

    const client = await goTo(stage);

    expect(await client.replies(1)).toEqual(['451 Try again later']);
  });

  it.each(STAGES)('drops the connection at the stage %s', async (stage) => {
    relay.fail(stage, 'drop');

    const client = await goTo(stage);

    expect(await client.closed()).toBe('');
    await relay.waitUntil(({ open }) => open === 0);
    expect(relay.messages).toHaveLength(0);
    expect(relay.connections[0]?.state).toBe('closed');
  });

  it.each(STAGES)('stalls at the stage %s until released', async (stage) => {
    relay.fail(stage, 'stall');

    const client = await goTo(stage);
    await (await RawClient.ready(relay)).sendMail();
    const before = client.unread;
    relay.release();
    if (stage === 'body') client.write(BODY.slice(1) + '\r\n');

    expect(before).toBe('');
    expect(await client.replies(1)).toEqual([
      expect.stringMatching(/^(220|235|250|354)[ -]/),
    ]);
  });

  it.each(['greeting', 'auth', 'body'] as const)(
    'closes after a reply at the stage %s',
    async (stage) => {
      relay.fail(stage, '554 No');

      expect(await (await goTo(stage)).closed()).toBe('554 No\r\n');
    },
  );

  it.each(STAGES)('closes after a 421 at the stage %s', async (stage) => {
    relay.fail(stage, '421 Come back later');

    const client = await goTo(stage);

    expect(await client.closed()).toBe('421 Come back later\r\n');
  });

  it('leaves the connection open after any other reply', async () => {
    relay.fail('mail', '451 a');
    relay.fail('rcpt', '550 b');
    relay.fail('data', '451 c');
    relay.fail('message', '550 d');
    const client = await RawClient.ready(relay);
    const [mail = '', rcpt = '', data = ''] = ENVELOPE;

    expect(await client.say(mail)).toBe('451 a');
    expect(await client.say(mail)).toMatch(/^250 /);
    expect(await client.say(rcpt)).toBe('550 b');
    expect(await client.say(rcpt)).toMatch(/^250 /);
    expect(await client.say(data)).toBe('451 c');
    expect(await client.say(data)).toMatch(/^354 /);
    expect(await client.say(BODY)).toBe('550 d');
    expect(await client.sendMail()).toMatch(/^250 Ok/);
    expect(relay.counters).toMatchObject({ accepted: 1, rejected: 4 });
  });

  it('strikes once, or as often as it says', async () => {
    relay.fail('mail', '451 often', { times: 2 });
    const client = await RawClient.ready(relay);
    const mail = 'MAIL FROM:<a@example.com>';

    expect(await client.say(mail)).toBe('451 often');
    expect(await client.say(mail)).toBe('451 often');
    expect(await client.say(mail)).toMatch(/^250 /);
  });

  it('strikes where its predicate says so', async () => {
    relay.fail('rcpt', '550 No such user', {
      times: Infinity,
      when: ({ recipient }) => recipient?.startsWith('bad') === true,
    });
    relay.fail('message', '451 third', {
      when: ({ connection, message, sender, recipients }) =>
        connection === 1 &&
        message === 3 &&
        sender === 'a@example.com' &&
        recipients.join() === 'b@example.com',
    });
    const client = await RawClient.ready(relay);

    await client.say('MAIL FROM:<a@example.com>');
    expect(await client.say('RCPT TO:<bad1@example.com>')).toMatch(/^550 /);
    expect(await client.say('RCPT TO:<bad2@example.com>')).toMatch(/^550 /);
    expect(await client.say('RCPT TO:<b@example.com>')).toMatch(/^250 /);
    await client.say('RSET');
    expect(await client.sendMail()).toMatch(/^250 Ok/);
    expect(await client.sendMail()).toBe('451 third');
    expect(await client.sendMail()).toMatch(/^250 Ok/);
  });

  it('can take a message and lose the reply to it', async () => {
    relay.fail('message', 'accept-and-drop');

    const client = await goTo('message');

    expect(await client.closed()).toBe('');
    expect(relay.messages).toHaveLength(1);
    expect(relay.counters.accepted).toBe(1);
  });

  it.each(['starttls', 'implicit'] as const)(
    'loses no reply to what came before it in a group (%s)',
    async (security) => {
      await relay.stop();
      relay = await FakeSendGrid.start({ security });
      relay.fail('data', 'drop');
      const client = await RawClient.ready(relay);

      client.lines(...ENVELOPE, 'NOOP');

      expect(await client.closed()).toBe(
        '250 Sender address accepted\r\n250 Recipient address accepted\r\n',
      );
    },
  );

  it('may be released when its client has left', async () => {
    relay.fail('starttls', 'stall');
    relay.fail('message', 'stall');
    const first = await goTo('starttls');
    const second = await goTo('message');
    await relay.waitUntil(({ mailFrom }) => mailFrom === 1);
    // Each has been read by the relay once a later conversation is over.
    await (await RawClient.connect(relay)).replies(1);

    first.destroy();
    second.destroy();
    await relay.waitUntil(({ closedWithoutQuit }) => closedWithoutQuit === 2);
    relay.release();
    await relay.waitFor(1);

    expect(relay.counters).toMatchObject({ accepted: 1, tlsHandshakes: 0 });
  });

  it('is forgotten by clear, together with the messages', async () => {
    relay.fail('mail', '451 No');
    relay.clear();
    const client = await RawClient.ready(relay);

    expect(await client.sendMail()).toMatch(/^250 Ok/);
    relay.clear();
    expect(relay.messages).toHaveLength(0);
    expect(relay.counters.accepted).toBe(1);
  });

  it('is refused when it is no reply', () => {
    expect(() => relay.fail('mail', '451 a\r\n250 b')).toThrow(
      /one reply line such as/,
    );
    expect(() => relay.fail('mail', '99 odd')).toThrow(/one reply line/);
    expect(() => relay.fail('mail', 'accept-and-drop')).toThrow(
      /at the stage 'message' only/,
    );
  });
});

import { afterEach, describe, expect, it } from 'vitest';
import { FakeSendGrid } from '../../lib/testing/fake-sendgrid.js';
import { SENDGRID_REPLIES } from '../../lib/testing/fake-sendgrid/replies.js';
import { RawClient, base64, plain } from './fake-sendgrid-client.js';

const BAD_KEY =
  '535 Authentication failed: The provided authorization grant is invalid, expired, or revoked';

describe('AUTH', () => {
  let relay: FakeSendGrid;
  afterEach(() => relay.stop());

  async function greeted(): Promise<RawClient> {
    const client = await RawClient.connect(relay);
    await client.replies(1);
    await client.say('EHLO x');
    return client;
  }

  it('hands out a new key of the right shape at each start', async () => {
    relay = await FakeSendGrid.start();
    const other = await FakeSendGrid.start();
    await other.stop();

    expect(relay.options.apiKey).toMatch(/^SG\.[\w-]{22}\.[\w-]{43}$/);
    expect(other.options.apiKey).not.toBe(relay.options.apiKey);
  });

  it.each([
    ['a wrong key', 'apikey', 'SG.wrong'],
    ['an empty key', 'apikey', ''],
    ['a user other than apikey', 'shop', undefined],
  ])('refuses %s and closes', async (_, user, password) => {
    relay = await FakeSendGrid.start();
    const client = await greeted();

    client.lines(plain(user, password ?? relay.options.apiKey), 'NOOP');

    expect(await client.closed()).toBe(`${BAD_KEY}\r\n`);
    expect(relay.counters).toMatchObject({ authRefused: 1, authenticated: 0 });
  });

  it('refuses a wrong key given by AUTH LOGIN and closes', async () => {
    relay = await FakeSendGrid.start();
    const client = await greeted();

    await client.say('AUTH LOGIN');
    await client.say(base64('apikey'));

    expect(await client.say(base64('SG.wrong'))).toBe(BAD_KEY);
    expect(await client.closed()).toBe('');
  });

  it('takes only the new key once the keys were rotated', async () => {
    relay = await FakeSendGrid.start();
    const before = relay.options.apiKey;
    const open = await RawClient.ready(relay);
    const after = relay.rotateKey();
    const old = await (await greeted()).say(plain('apikey', before));
    const now = await (await greeted()).say(plain('apikey', after));

    expect(after).toMatch(/^SG\.[\w-]{22}\.[\w-]{43}$/);
    expect(relay.options.apiKey).toBe(after);
    expect([old, now.slice(0, 3)]).toEqual([BAD_KEY, '235']);
    expect(await open.say('MAIL FROM:<a@b.example>')).toMatch(/^250/);
  });

  it('accepts each of several keys', async () => {
    relay = await FakeSendGrid.start({ apiKey: ['SG.one', 'SG.two'] });

    const one = await (await greeted()).say(plain('apikey', 'SG.one'));
    const two = await (await greeted()).say(plain('apikey', 'SG.two'));

    expect([one, two]).toEqual([
      '235 Authentication successful',
      '235 Authentication successful',
    ]);
    expect(relay.options.apiKey).toBe('SG.one');
    expect(relay.counters.authenticated).toBe(2);
  });

  it('refuses to start without any key', async () => {
    relay = await FakeSendGrid.start();

    await expect(FakeSendGrid.start({ apiKey: [] })).rejects.toMatchObject({
      code: 'INVALID_OPTIONS',
    });
  });

  it('refuses MAIL before AUTH and stays open', async () => {
    relay = await FakeSendGrid.start();
    const client = await greeted();

    expect(await client.say('MAIL FROM:<a@example.com>')).toBe(
      '550 Unauthenticated senders not allowed',
    );
    expect(await client.say('NOOP')).toMatch(/^250 /);
    expect(relay.counters.mailFrom).toBe(0);
  });

  it.each([
    SENDGRID_REPLIES.creditsExceeded,
    SENDGRID_REPLIES.couldNotAuthenticate,
    SENDGRID_REPLIES.badKey,
  ])('answers "%s" when told to, and closes', async (reply) => {
    relay = await FakeSendGrid.start();
    relay.fail('auth', reply);
    const client = await greeted();

    client.lines(plain('apikey', relay.options.apiKey));

    expect(await client.closed()).toBe(`${reply}\r\n`);
    expect(relay.counters.authRefused).toBe(1);
  });
});

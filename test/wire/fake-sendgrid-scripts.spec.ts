import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FakeSendGrid } from '../../lib/testing/fake-sendgrid.js';
import { deliveriesTo, outgoing, send } from '../support/relay.js';
import type { Deliveries } from '../../lib/delivery/deliveries.js';

const ADA = 'ada@example.com';
const EVE = 'Eve@Example.com';

let relay: FakeSendGrid;
let deliveries: Deliveries;

beforeEach(async () => {
  relay = await FakeSendGrid.start();
  deliveries = deliveriesTo(relay, { pool: { maxConnections: 1 } });
});
afterEach(async () => {
  await deliveries.drain(1000);
  await relay.stop();
});

async function outcome(n: number, ...to: string[]): Promise<string> {
  const from = 'hello@shop.example';
  const mail = outgoing(n, { envelope: { from, to } });
  return send(deliveries, mail).then(
    ({ accepted }) => accepted.join(' '),
    (error: { code: string }) => error.code,
  );
}

describe('a fault for a recipient', () => {
  it('refuses that one and takes the others', async () => {
    const fault = relay.fail('rcpt', '550 No such user', {
      recipient: 'eve@example.com',
      times: Infinity,
    });

    expect(await outcome(1, ADA, EVE)).toBe(ADA);
    expect(await outcome(2, EVE)).toBe('REJECTED');
    expect(await outcome(3, ADA)).toBe(ADA);
    expect(fault.struck).toBe(2);
  });

  it('strikes behind the dot too, by a pattern', async () => {
    relay.fail('message', '554 Spam', { recipient: /@example\.org$/ });

    expect(await outcome(1, ADA)).toBe(ADA);
    expect(await outcome(2, 'bob@example.org')).toBe('REJECTED');
    expect(await outcome(3, 'bob@example.org')).toBe('bob@example.org');
  });
});

describe('a fault for the nth message', () => {
  it('lets the ones before pass', async () => {
    relay.fail('message', '554 Third', { nth: 3 });

    const outcomes = [];
    for (const n of [1, 2, 3, 4]) outcomes.push(await outcome(n, ADA));

    expect(outcomes).toEqual([ADA, ADA, 'REJECTED', ADA]);
  });

  it('counts the chances that another fault took', async () => {
    relay.fail('message', '554 First', { nth: 1 });
    relay.fail('message', '554 And the next', { nth: 2, times: 2 });

    const outcomes = [];
    for (const n of [1, 2, 3, 4]) outcomes.push(await outcome(n, ADA));

    expect(outcomes).toEqual(['REJECTED', 'REJECTED', 'REJECTED', ADA]);
  });
});

describe('a fault', () => {
  it('only delays', async () => {
    relay.fail('message', { delayMs: 200 });

    const startedAt = performance.now();
    expect(await outcome(1, ADA)).toBe(ADA);

    expect(performance.now() - startedAt).toBeGreaterThan(190);
  });

  it('is taken back, and the messages stay', async () => {
    const fault = relay.fail('message', '554 No', { times: Infinity });
    expect(await outcome(1, ADA)).toBe('REJECTED');

    fault.cancel();

    expect(await outcome(2, ADA)).toBe(ADA);
    expect(fault.struck).toBe(1);
  });

  it('is refused when it is none', () => {
    expect(() => relay.fail('mail', { delayMs: -1 })).toThrow(
      /or \{ delayMs \}; got \{ delayMs: -1 \}/,
    );
  });
});

describe('an X-SMTPAPI header', () => {
  function headed(n: number, ...headers: string[]): Promise<unknown> {
    const { content, ...mail } = outgoing(n);
    const bytes = content.kind === 'bytes' ? content.bytes : Buffer.alloc(0);
    const head = headers.map((header) => `X-SMTPAPI: ${header}\r\n`).join('');
    const whole = Buffer.concat([Buffer.from(head), bytes]);
    return send(deliveries, {
      ...mail,
      content: { kind: 'bytes', bytes: whole },
    });
  }

  it.each([
    ['{"category":"a"', 'It is no JSON object.'],
    ['[]', 'It is no JSON object.'],
    ['{"to":"ada@example.com"}', '`to` must be a list of addresses.'],
    ['{"sub":{"-a-":"b"}}', '`sub` must hold lists of texts by tag.'],
    ['{"unique_args":["a"]}', '`unique_args` must hold texts by name.'],
    [
      JSON.stringify({ category: 'abcdefghijk'.split('') }),
      '`category` has 11 categories, and 10 are the most.',
    ],
    [
      '{"filters":{"clicktrack":1}}',
      '`filters` must hold objects with `settings`.',
    ],
    ['{"send_at":"soon"}', '`send_at` must be a whole number.'],
    ['{"asm_group_id":"1"}', '`asm_group_id` must be a whole number.'],
    [
      `{"category":"${'x'.repeat(1000)}"}`,
      'A line of it has more than 1000 characters.',
    ],
  ])(
    'that is invalid is accepted and dropped: %.30s',
    async (header, problem) => {
      await headed(1, header);

      expect(relay.counters).toMatchObject({ accepted: 1, dropped: 1 });
      expect(relay.dropped).toEqual(relay.messages);
      expect(relay.dropped[0]?.dropped).toEqual({
        reason: 'Invalid SMTPAPI header',
        problem,
      });
    },
  );

  it.each([
    '{"category":["a","b"],"unique_args":{"order":7},"send_at":1}',
    '{"to":["a@example.com"],"sub":{"-a-":["b"]},\r\n "filters":{"clicktrack":{"settings":{"enable":0}}}}',
    '{"unheard_of":true}',
  ])('that is valid is not: %s', async (header) => {
    await headed(1, header);

    expect(relay.counters).toMatchObject({ accepted: 1, dropped: 0 });
    expect(relay.dropped).toEqual([]);
  });

  it('counts when it is the first of several', async () => {
    await headed(1, '{}', 'nonsense');
    await headed(2, 'nonsense', '{}');

    expect(relay.messages.map(({ dropped }) => dropped !== undefined)).toEqual([
      false,
      true,
    ]);
  });
});

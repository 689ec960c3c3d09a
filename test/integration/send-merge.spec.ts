import { describe, expect, it } from 'vitest';
import type {
  MailService,
  MergeMessage,
  MergeOutcome,
  MergeRecipient,
  SendMergeOptions,
} from 'nestjs-sendgrid-smtp';
import { capturedMail, SENDGRID_REPLIES } from 'nestjs-sendgrid-smtp/testing';
import { recordLogs } from './support/recording-logger.js';
import { RelayedApp } from './support/relayed-app.js';

const site = new RelayedApp(recordLogs(), {
  defaults: { from: 'Shop <shop@example.com>' },
  retry: { maxAttempts: 1 },
});

const MESSAGE = { subject: 'Hi -name-', html: '<p>Hi -name-</p>' };

function* numbered(count: number): Generator<MergeRecipient> {
  for (let n = 0; n < count; n += 1) {
    yield {
      to: `r${n}@example.net`,
      substitutions: { '-name-': `R${n}` },
      customArgs: { n },
    };
  }
}

async function outcomesOf(
  mail: MailService,
  message: MergeMessage,
  options?: SendMergeOptions,
): Promise<MergeOutcome[]> {
  const outcomes: MergeOutcome[] = [];
  for await (const outcome of mail.sendMerge(message, options)) {
    outcomes.push(outcome);
  }
  return outcomes.toSorted((a, b) => a.index - b.index);
}

interface SmtpApi {
  readonly to: readonly string[];
  readonly sub: Readonly<Record<string, readonly string[]>>;
  readonly unique_args: Readonly<Record<string, string>>;
}

const NO_API: SmtpApi = { to: [], sub: {}, unique_args: {} };

/** The X-SMTPAPI headers that have arrived, by their first recipient. */
function apis(): SmtpApi[] {
  return site.relay.messages
    .map(({ smtpApi }) => smtpApi as SmtpApi)
    .toSorted((a, b) => order(a) - order(b));
}

function order({ to: [first = ''] }: SmtpApi): number {
  return Number(/\d+/.exec(first)?.[0]);
}

describe('sendMerge', () => {
  it('sends one message for all, addressed to the first', async () => {
    const mail = await site.start({});

    const outcomes = await outcomesOf(mail, {
      ...MESSAGE,
      recipients: [
        {
          to: 'Ada <ada@example.net>',
          substitutions: { '-name-': 'Ada' },
          customArgs: { order: 1 },
        },
        { to: 'bob@example.net', substitutions: { '-name-': '<b>Bob</b>' } },
        {
          to: { name: 'Eve', email: 'eve@example.net' },
          customArgs: { order: 3 },
        },
      ],
      sendgrid: {
        categories: ['news'],
        customArgs: { campaign: 'may' },
        substitutions: { '-name-': 'you' },
      },
    });

    const [message, ...others] = site.relay.messages;
    expect(others).toEqual([]);
    expect(message).toMatchObject({
      subject: 'Hi -name-',
      envelope: { to: ['ada@example.net'] },
      to: [{ name: 'Ada', address: 'ada@example.net' }],
      cc: [],
    });
    const [api] = apis();
    const { to, sub, unique_args: args, ...rest } = api ?? NO_API;
    expect(to).toEqual([
      'Ada <ada@example.net>',
      'bob@example.net',
      'Eve <eve@example.net>',
    ]);
    expect(args).toMatchObject({
      campaign: 'may',
      mail_id: expect.any(String),
    });
    expect(sub).toEqual({
      '-name-': ['Ada', '&lt;b&gt;Bob&lt;/b&gt;', 'you'],
      [args['order'] ?? '']: ['1', '', '3'],
    });
    expect(rest).toEqual({ category: ['news'] });
    const receipt = {
      sendGridId: message?.id,
      accepted: ['ada@example.net', 'bob@example.net', 'eve@example.net'],
    };
    expect(outcomes).toMatchObject([
      { index: 0, to: 'ada@example.net', status: 'accepted', receipt },
      { index: 1, to: 'bob@example.net', status: 'accepted', receipt },
      { index: 2, to: 'eve@example.net', status: 'accepted', receipt },
    ]);
  });

  it('packs 1,000 recipients into each message', async () => {
    const mail = await site.start({});

    const totals = await mail.sendMerge({
      ...MESSAGE,
      recipients: numbered(2100),
    });

    expect(totals).toEqual({
      settled: 2100,
      accepted: 2100,
      rejected: 0,
      unknown: 0,
      notSent: 0,
      lowWatermark: 2099,
    });
    expect(mail.stats().totals).toMatchObject({ submitted: 3, accepted: 3 });
    expect(apis().map(({ to }) => to.length)).toEqual([1000, 1000, 100]);
    expect(apis().flatMap(({ to }) => to)).toEqual(
      [...numbered(2100)].map(({ to }) => to),
    );
    expect(apis().flatMap(({ sub }) => sub['-name-'])).toEqual(
      [...numbered(2100)].map((_, n) => `R${n}`),
    );
    for (const { envelope } of site.relay.messages) {
      expect(envelope.to).toHaveLength(1);
    }
  });

  it('packs 10,000 when told to', async () => {
    const mail = await site.start({});

    await mail.sendMerge(
      { ...MESSAGE, recipients: numbered(10_001) },
      { recipientsPerMessage: 10_000 },
    );

    expect(apis().map(({ to }) => to.length)).toEqual([10_000, 1]);
  });

  it('keeps headers under `maxHeaderBytes`', async () => {
    const mail = await site.start({});

    await mail.sendMerge(
      { ...MESSAGE, recipients: numbered(1000) },
      { maxHeaderBytes: 10_000 },
    );

    expect(site.relay.messages.length).toBeGreaterThan(1);
    for (const { raw } of site.relay.messages) {
      const head = raw.subarray(0, raw.indexOf('\r\nFrom:')).toString();
      expect(head).toMatch(/^X-SMTPAPI: /);
      expect(head.length).toBeLessThanOrEqual(10_000);
    }
  });

  it('leaves values as they are with `raw`', async () => {
    const mail = await site.start({});

    await mail.sendMerge(
      {
        ...MESSAGE,
        recipients: [
          { to: 'r0@example.net', substitutions: { '-name-': '<b>R&D</b>' } },
        ],
      },
      { raw: true },
    );

    expect(apis()[0]?.sub).toEqual({ '-name-': ['<b>R&D</b>'] });
  });

  it('tells everybody in a message whose outcome is unknown', async () => {
    const mail = await site.start({});
    site.relay.fail('message', 'accept-and-drop', {
      when: ({ recipients }) => recipients[0] === 'r2@example.net',
    });
    site.relay.fail('message', '554 Refused', {
      when: ({ recipients }) => recipients[0] === 'r4@example.net',
    });

    const outcomes = await outcomesOf(
      mail,
      { ...MESSAGE, recipients: numbered(6) },
      { recipientsPerMessage: 2 },
    );

    expect(outcomes.map(({ to, status }) => [to, status])).toEqual([
      ['r0@example.net', 'accepted'],
      ['r1@example.net', 'accepted'],
      ['r2@example.net', 'unknown'],
      ['r3@example.net', 'unknown'],
      ['r4@example.net', 'rejected'],
      ['r5@example.net', 'rejected'],
    ]);
    expect(outcomes[3]).toMatchObject({
      error: { code: 'OUTCOME_UNKNOWN', deliveryState: 'unknown' },
    });
  });

  it('goes on without those that cannot be sent to', async () => {
    const mail = await site.start({});

    const outcomes = await outcomesOf(mail, {
      ...MESSAGE,
      recipients: [
        { to: 'r0@example.net', substitutions: { '-name-': 'R0' } },
        { to: 'r1@example.net', substitutions: { '-name-': 'x-name-' } },
        { to: 'no address', substitutions: { '-name-': 'R2' } },
        { to: 'r3@example.net' },
        { to: 'r4@example.net', substitutions: { '-name-': 'R4' } },
      ],
    });

    expect(apis().map(({ to }) => to)).toEqual([
      ['r0@example.net', 'r4@example.net'],
    ]);
    const error = { code: 'INVALID_MESSAGE', deliveryState: 'not-sent' };
    expect(outcomes).toMatchObject([
      { index: 0, status: 'accepted' },
      { index: 1, status: 'not-sent', error, to: 'r1@example.net' },
      { index: 2, status: 'not-sent', error, to: 'no address' },
      { index: 3, status: 'not-sent', error, to: 'r3@example.net' },
      { index: 4, status: 'accepted' },
    ]);
    const messages = outcomes.map((outcome) =>
      outcome.status === 'accepted' ? '' : outcome.error.message,
    );
    expect(messages[1]).toMatch(/recipients\[1\]\.substitutions\.-name-.*tag/);
    expect(messages[3]).toMatch(
      /recipients\[3\]\.substitutions\.-name-.*missing/,
    );
  });

  it('sends nothing when it can send to nobody', async () => {
    const mail = await site.start({});

    const totals = await mail.sendMerge({
      ...MESSAGE,
      recipients: [{ to: '' }, { to: 'x' }],
    });

    expect(totals).toMatchObject({ settled: 2, notSent: 2, lowWatermark: 1 });
    expect(mail.stats().totals.submitted).toBe(0);
  });

  it('stops at the first who is not sent to with `stopOnError`', async () => {
    const mail = await site.start({});
    function* recipients(): Generator<MergeRecipient> {
      yield* numbered(2);
      yield { to: 'nobody' };
      yield* numbered(100_000);
    }

    const totals = await mail.sendMerge(
      { ...MESSAGE, recipients: recipients() },
      { stopOnError: true, recipientsPerMessage: 2, concurrency: 1 },
    );

    expect(totals.stopped).toMatchObject({
      reason: 'failure',
      error: { code: 'INVALID_MESSAGE' },
    });
    expect(totals.settled).toBeLessThan(100);
  });

  it('takes recipients from an async source, as they are needed', async () => {
    const mail = await site.start({});
    let read = 0;
    async function* recipients(): AsyncGenerator<MergeRecipient> {
      for (const one of numbered(100)) {
        read += 1;
        yield one;
      }
    }
    const run = mail.sendMerge(
      { ...MESSAGE, recipients: recipients() },
      { recipientsPerMessage: 10, concurrency: 1, total: 100 },
    );
    expect(read).toBe(0);

    for await (const { index } of run) {
      // The pack of the outcome, the next one, and what did not fit into it.
      expect(read).toBeLessThanOrEqual(10 * Math.floor(index / 10) + 21);
    }

    expect(run.progress).toMatchObject({ settled: 100, accepted: 100 });
  });

  it('sends what it has read when the recipients fail, and tells how far it came', async () => {
    const mail = await site.start({});
    function* recipients(): Generator<MergeRecipient> {
      yield* numbered(25);
      throw new Error('no database');
    }
    const run = mail.sendMerge(
      { ...MESSAGE, recipients: recipients() },
      { recipientsPerMessage: 10 },
    );

    await expect(async () => run).rejects.toThrow('no database');

    expect(apis().map(({ to }) => to.length)).toEqual([10, 10, 5]);
    expect(run.totals).toMatchObject({ accepted: 25, lowWatermark: 24 });
  });

  it('stops when SendGrid refuses the sender, and says where to resume', async () => {
    const mail = await site.start({});
    site.relay.fail('message', SENDGRID_REPLIES.senderIdentity, {
      when: ({ recipients }) => recipients[0] === 'r20@example.net',
    });

    const totals = await mail.sendMerge(
      { ...MESSAGE, recipients: numbered(100_000) },
      { recipientsPerMessage: 10, concurrency: 1 },
    );

    expect(totals).toMatchObject({
      accepted: 20,
      lowWatermark: 19,
      stopped: { reason: 'sender' },
    });
  });

  it('is taken back by its signal', async () => {
    const mail = await site.start({});
    mail.pause('the test');
    const abort = new AbortController();
    const run = mail.sendMerge(
      { ...MESSAGE, recipients: numbered(30) },
      { recipientsPerMessage: 10, signal: abort.signal },
    );
    const totals = Promise.resolve(run);
    await expect.poll(() => mail.stats().queue.messages).toBe(3);

    abort.abort();

    expect(await totals).toMatchObject({
      settled: 30,
      notSent: 30,
      lowWatermark: -1,
      stopped: { reason: 'aborted' },
    });
  });

  it('goes past plugins as other messages do', async () => {
    const mail = await site.start({
      plugins: [{ step: 'compile', plugin: (_, done) => done() }],
    });

    await mail.sendMerge({ ...MESSAGE, recipients: numbered(2) });

    expect(apis()[0]?.to).toEqual(['r0@example.net', 'r1@example.net']);
    expect(site.relay.messages[0]?.to).toHaveLength(1);
  });

  it.each([
    ['cc', { cc: 'x@example.net' }],
    ['bcc', { bcc: ['x@example.net'] }],
    ['to', { to: 'x@example.net' }],
  ])('refuses %s', async (field, fields) => {
    const mail = await site.start({});
    const message = { ...MESSAGE, ...fields, recipients: numbered(1) };

    expect(() => mail.sendMerge(message)).toThrow(
      expect.objectContaining({
        code: 'INVALID_MESSAGE',
        message: expect.stringContaining(`\`${field}\` is not for a merge`),
      }),
    );
  });

  it('redirects everybody', async () => {
    const mail = await site.start({
      redirect: { to: 'qa@staging.example', except: ['r1@example.net'] },
    });

    const outcomes = await outcomesOf(mail, {
      ...MESSAGE,
      recipients: numbered(3),
    });

    expect(site.relay.messages[0]?.envelope.to).toEqual(['qa@staging.example']);
    expect(apis()[0]?.to).toEqual([
      'qa@staging.example',
      'r1@example.net',
      'qa@staging.example',
    ]);
    expect(apis()[0]?.sub['-name-']).toEqual(['R0', 'R1', 'R2']);
    expect(outcomes.map(({ to, status }) => [to, status])).toEqual([
      ['r0@example.net', 'accepted'],
      ['r1@example.net', 'accepted'],
      ['r2@example.net', 'accepted'],
    ]);
  });

  it('captures each message', async () => {
    const mail = await site.start({ mode: 'capture' });

    const totals = await mail.sendMerge({
      ...MESSAGE,
      recipients: numbered(1500),
    });

    expect(totals).toMatchObject({ accepted: 1500 });
    const captured = capturedMail(site.app).sent();
    expect(captured).toHaveLength(2);
    expect(captured[0]).toMatchObject({
      subject: 'Hi -name-',
      envelope: { to: ['r0@example.net'] },
      message: { sendgrid: { substitutions: { '-name-': { length: 1000 } } } },
    });
    expect(captured[1]?.raw.toString()).toContain('"r1499@example.net"');
  });

  it('gives back a purged pack as a message that can be sent', async () => {
    const mail = await site.start({});
    mail.pause('the test');
    const run = outcomesOf(mail, { ...MESSAGE, recipients: numbered(3) });
    await expect.poll(() => mail.stats().queue.messages).toBe(1);

    const [purged] = mail.purge();
    mail.resume();
    const outcomes = await run;
    await mail.send(purged?.message ?? {});

    expect(outcomes.map(({ status }) => status)).toEqual(
      Array(3).fill('not-sent'),
    );
    expect(apis()[0]?.to).toHaveLength(3);
  });
});

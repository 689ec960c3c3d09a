import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Merge } from '../../../../lib/bulk/merge/merge.js';
import type {
  MergeMessage,
  MergeRecipient,
  MergeRecipients,
} from '../../../../lib/bulk/merge/merge-message.js';
import {
  admitMergeRun,
  type SendMergeOptions,
} from '../../../../lib/bulk/merge/merge-options.js';
import { packUnits } from '../../../../lib/bulk/merge/pack-units.js';
import type { PackUnit } from '../../../../lib/bulk/merge/pack-unit.js';
import { escapeHtml } from '../../../../lib/bulk/merge/escape-html.js';
import { apiFor, smtpApiPlan } from '../../../../lib/message/smtp-api-plan.js';
import { asciiJson } from '../../../../lib/message/x-smtpapi/ascii-json.js';
import { smtpApiHeader } from '../../../../lib/message/x-smtpapi/smtp-api-header.js';
import type { XSmtpApi } from '../../../../lib/message/x-smtpapi/x-smtp-api.js';

async function unitsOf(
  recipients: MergeRecipients,
  options: SendMergeOptions = {},
  message: Omit<MergeMessage, 'recipients'> = {},
): Promise<PackUnit[]> {
  const { raw, limits } = admitMergeRun(options);
  const merge = new Merge({ ...message, recipients: [] }, raw, limits);
  const units: PackUnit[] = [];
  for await (const unit of packUnits(merge, recipients)) units.push(unit);
  return units;
}

/** What SendGrid reads from the message of a unit. */
function apiOf({ message }: PackUnit): XSmtpApi & { to: readonly string[] } {
  const plan = smtpApiPlan(message);
  if (plan === undefined) throw new Error('It has no header');
  const api = apiFor(plan, plan.addressees);
  return { ...api, to: api.to ?? [] };
}

function sizes(units: readonly PackUnit[]): number[] {
  return units.map((unit) => (unit.refusal ? 0 : apiOf(unit).to.length));
}

function* numbered(count: number): Generator<MergeRecipient> {
  for (let n = 0; n < count; n += 1) yield { to: `r${n}@example.com` };
}

/** What each recipient of a unit gets, as SendGrid would put it together. */
function copies(unit: PackUnit): object[] {
  const { to, sub = {}, unique_args: args = {} } = apiOf(unit);
  return to.map((address, at) => {
    const replaced = (text: string): string => sub[text]?.[at] ?? text;
    return {
      to: address,
      name: replaced('-name-'),
      args: Object.fromEntries(
        Object.entries(args).map(([name, text]) => [name, replaced(text)]),
      ),
    };
  });
}

const text = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 20 }),
  fc.integer({ min: 0, max: 250 }).map((n) => 'some text '.repeat(n)),
);
const recipientsOf = (least: number): fc.Arbitrary<MergeRecipient[]> =>
  fc
    .array(
      fc.record({
        name: text,
        args: fc.dictionary(fc.constantFrom('a', 'b', 'c', 'é'), text, {
          maxKeys: 2,
        }),
      }),
      { minLength: least, maxLength: 40 },
    )
    .map((people) =>
      people.map(({ name, args }, n) => ({
        to: `r${n}@example.com`,
        substitutions: { '-name-': name },
        customArgs: args,
      })),
    );

const COMMON = {
  sendgrid: { customArgs: { a: 'for all who have no other', z: 'for all' } },
};

describe('packUnits', () => {
  it('packs 1,000 to a message unless told otherwise', async () => {
    expect(sizes(await unitsOf(numbered(2500)))).toEqual([1000, 1000, 500]);
    expect(
      sizes(await unitsOf(numbered(2500), { recipientsPerMessage: 2000 })),
    ).toEqual([2000, 500]);
    expect(
      sizes(await unitsOf(numbered(10_001), { recipientsPerMessage: 10_000 })),
    ).toEqual([10_000, 1]);
  });

  it('makes nothing of no recipients', async () => {
    expect(await unitsOf([])).toEqual([]);
  });

  it('gives every recipient what is its own, in order and once', async () => {
    await fc.assert(
      fc.asyncProperty(
        recipientsOf(0),
        fc.integer({ min: 1, max: 40 }),
        fc.integer({ min: 22_000, max: 60_000 }),
        async (recipients, recipientsPerMessage, maxHeaderBytes) => {
          const options = { recipientsPerMessage, maxHeaderBytes };
          const units = await unitsOf(recipients, options, COMMON);

          const got = units.flatMap(copies);
          expect(got).toMatchObject(
            recipients.map(({ to, substitutions, customArgs }) => ({
              to,
              name: escapeHtml(String(substitutions?.['-name-'])),
              args: { ...COMMON.sendgrid.customArgs, ...customArgs },
            })),
          );
          for (const unit of units) {
            const api = apiOf(unit);
            const header = smtpApiHeader(true, api).text;
            expect(header.length).toBeLessThanOrEqual(maxHeaderBytes);
            expect(api.to.length).toBeLessThanOrEqual(recipientsPerMessage);
          }
        },
      ),
      { numRuns: 50 },
    );
  });

  it('ends a pack only where the next recipient would be too much', async () => {
    await fc.assert(
      fc.asyncProperty(
        recipientsOf(2),
        fc.integer({ min: 1, max: 40 }),
        fc.integer({ min: 22_000, max: 60_000 }),
        async (recipients, recipientsPerMessage, maxHeaderBytes) => {
          const options = { recipientsPerMessage, maxHeaderBytes };
          const units = await unitsOf(recipients, options, COMMON);

          let first = 0;
          for (const unit of units.slice(0, -1)) {
            const next = first + unit.count;
            const oneMore = recipients.slice(first, next + 1);
            const one = { recipientsPerMessage: 10_000 };
            const [whole] = await unitsOf(oneMore, one, COMMON);
            const octets = whole ? asciiJson(apiOf(whole)).length : 0;
            const isFull = unit.count === recipientsPerMessage;
            // Folds take up to a twelfth, and the frame is counted generously.
            const isLarge = octets > maxHeaderBytes * 0.92 - 400;
            expect(isFull || isLarge).toBe(true);
            first = next;
          }
        },
      ),
      { numRuns: 50 },
    );
  });

  it('leaves out whom it cannot send to, and keeps their indexes', async () => {
    const units = await unitsOf([
      { to: 'nobody' },
      { to: 'a@example.com', substitutions: {} },
      { to: { email: 'é@example.com' } },
      { to: 'b@example.com' },
      null as unknown as MergeRecipient,
      { to: 'c@example.com', customArgs: { x: 'long '.repeat(2500) } },
    ]);

    expect(sizes(units)).toEqual([2]);
    const receipt = { messageId: '<1@x>' } as never;
    const outcomes = [
      ...(units[0]?.outcomes(10, { status: 'accepted', receipt }) ?? []),
    ];
    expect(outcomes).toMatchObject([
      { index: 10, to: 'nobody', status: 'not-sent' },
      { index: 11, to: 'a@example.com', status: 'accepted', receipt },
      { index: 12, to: 'é@example.com', status: 'not-sent' },
      { index: 13, to: 'b@example.com', status: 'accepted', receipt },
      { index: 14, to: '', status: 'not-sent' },
      { index: 15, to: 'c@example.com', status: 'not-sent' },
    ]);
    expect(outcomes[0]).toMatchObject({ error: { code: 'INVALID_MESSAGE' } });
  });

  it('refuses a unit in which nobody can be sent to', async () => {
    const [unit] = await unitsOf([{ to: '' }, { to: 'x' }]);

    expect(unit?.count).toBe(2);
    expect(unit?.refusal).toMatchObject({ code: 'INVALID_MESSAGE' });
  });

  it('leaves out whose own texts are too large for any header', async () => {
    const large = {
      to: 'b@example.com',
      substitutions: { '-t-': 'x '.repeat(5000) },
    };
    const units = await unitsOf([
      { to: 'a@example.com', substitutions: { '-t-': 'x' } },
      large,
      { to: 'c@example.com', substitutions: { '-t-': 'x' } },
    ]);

    expect(sizes(units)).toEqual([2]);
    const outcomes = [
      ...(units[0]?.outcomes(0, { status: 'accepted', receipt: {} as never }) ??
        []),
    ];
    expect(outcomes[1]).toMatchObject({
      status: 'not-sent',
      error: { message: expect.stringContaining('does not fit') },
    });
  });

  it('makes more packs rather than too many arguments in one', async () => {
    const recipients = Array.from({ length: 600 }, (_, n) => ({
      to: `r${n}@example.com`,
      customArgs: { [`argument-${n}`]: 'x' },
    }));

    const units = await unitsOf(recipients);

    expect(units.length).toBeGreaterThan(1);
    const names = units.flatMap((unit) =>
      copies(unit).map(
        (copy, at) => Object.keys(apiOf(unit).unique_args ?? {})[at],
      ),
    );
    expect(names).toEqual(recipients.map((_, n) => `argument-${n}`));
  });

  it('bounds what it holds of those that are left out', async () => {
    const nobodies = Array.from({ length: 20_001 }, () => ({ to: '' }));

    const units = await unitsOf(nobodies);

    expect(units.map(({ count }) => count)).toEqual([20_000, 1]);
  });

  it('reads ahead no further than the recipient that is too much', async () => {
    let read = 0;
    async function* source(): AsyncGenerator<MergeRecipient> {
      for (const one of numbered(100)) {
        read += 1;
        yield one;
      }
    }
    const { raw, limits } = admitMergeRun({ recipientsPerMessage: 10 });
    const merge = new Merge({ recipients: [] }, raw, limits);

    const units = packUnits(merge, source());
    await units.next();
    expect(read).toBe(11);
    await units.next();
    expect(read).toBe(21);
  });

  it('gives what was read before the recipients failed, then the failure', async () => {
    async function* failing(): AsyncGenerator<MergeRecipient> {
      yield* numbered(3);
      throw new Error('no database');
    }
    const { raw, limits } = admitMergeRun({ recipientsPerMessage: 2 });
    const merge = new Merge({ recipients: [] }, raw, limits);
    const units = packUnits(merge, failing());

    expect((await units.next()).value?.count).toBe(2);
    expect((await units.next()).value?.count).toBe(1);
    await expect(units.next()).rejects.toThrow('no database');
  });

  it('closes the recipients when it is left', async () => {
    let closed = false;
    function* source(): Generator<MergeRecipient> {
      try {
        yield* numbered(100);
      } finally {
        closed = true;
      }
    }
    const { raw, limits } = admitMergeRun({ recipientsPerMessage: 10 });
    const merge = new Merge({ recipients: [] }, raw, limits);

    for await (const unit of packUnits(merge, source())) {
      expect(unit.count).toBe(10);
      break;
    }

    expect(closed).toBe(true);
  });
});

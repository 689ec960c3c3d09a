import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import {
  idProblem,
  jobIdOf,
  messageIdOf,
} from '../../../../lib/outbox/job/job-ids.js';

const SCOPE = { environment: 'production' };
const id = fc.string({ unit: 'binary', minLength: 1, maxLength: 256 });

describe('the id of a job', () => {
  it('is the same for the same id, and another one for others', () => {
    fc.assert(
      fc.property(id, id, (one, other) => {
        expect(jobIdOf(one, SCOPE) === jobIdOf(other, SCOPE)).toBe(
          one === other,
        );
        expect(jobIdOf(one, SCOPE)).toBe(jobIdOf(one, { ...SCOPE }));
      }),
    );
  });

  it('is another one in every environment and for every tenant', () => {
    const scope = fc.record(
      { environment: fc.string(), tenant: fc.string() },
      { requiredKeys: ['environment'] },
    );

    fc.assert(
      fc.property(scope, scope, id, (one, other, same) => {
        expect(jobIdOf(same, one) === jobIdOf(same, other)).toBe(
          one.environment === other.environment && one.tenant === other.tenant,
        );
      }),
    );
    expect(jobIdOf('a', { environment: 'b', tenant: 'c' })).not.toBe(
      jobIdOf('c', { environment: 'b', tenant: 'a' }),
    );
  });

  it('is one that BullMQ takes, and shows nothing of the id', () => {
    fc.assert(
      fc.property(fc.option(id, { nil: undefined }), (any) => {
        expect(jobIdOf(any, SCOPE)).toMatch(/^m-[\w-]{43}$/);
      }),
    );
  });

  it('is the same in every release', () => {
    expect(jobIdOf('order:1', SCOPE)).toMatchInlineSnapshot(
      `"m-TVbfzZ7lL7OjKh7NnGhDv8FNmBZ1KVPnOJQ8dYc65kQ"`,
    );
    expect(
      jobIdOf('order:1', { ...SCOPE, tenant: 'acme' }),
    ).toMatchInlineSnapshot(`"m-mYBlcSRO1CmahNgduVc3Hdg1oTuMspqbFhdkcre_Xy0"`);
  });

  it('is random without an id', () => {
    const ids = Array.from({ length: 100 }, () => jobIdOf(undefined, SCOPE));

    expect(new Set(ids).size).toBe(100);
  });
});

describe('the Message-ID of a job', () => {
  it('is the same for the same job, and another one for others', () => {
    fc.assert(
      fc.property(id, id, (one, other) => {
        const [first, second] = [jobIdOf(one, SCOPE), jobIdOf(other, SCOPE)];

        expect(
          messageIdOf(first, 'x.example') === messageIdOf(second, 'x.example'),
        ).toBe(one === other);
      }),
    );
  });

  it('is one by RFC 5322 that does not show the id of the job', () => {
    fc.assert(
      fc.property(id, (any) => {
        const jobId = jobIdOf(any, SCOPE);
        const messageId = messageIdOf(jobId, 'shop.example');

        expect(messageId).toMatch(/^<[\w-]{43}@shop\.example>$/);
        expect(messageId).not.toContain(jobId.slice(2));
      }),
    );
  });

  it('is the same in every release', () => {
    expect(messageIdOf('m-1', 'shop.example')).toMatchInlineSnapshot(
      `"<lqLJvbK1uIjibZNrUab8z45bs89N8ZVNi8PTEjh9Oks@shop.example>"`,
    );
  });

  it.each([undefined, ''])('has a reserved domain without one', (domain) => {
    expect(messageIdOf('m-1', domain)).toMatch(/@message\.invalid>$/);
  });
});

describe('the id of a message', () => {
  it.each(['a', 'order:1', '123', 'ü🔑\0', 'x'.repeat(256)])(
    'may be %j',
    (any) => {
      expect(idProblem(any)).toBeUndefined();
    },
  );

  it.each(['', 'x'.repeat(257), 7, null, undefined, {}])(
    'must not be %j',
    (any) => {
      expect(idProblem(any)).toBe('must be a text of 1 to 256 characters');
    },
  );

  it.each(['\ud83d', 'a\udd11b', '\udd11\ud83d'])(
    'must not be %j, which would be the same as others',
    (any) => {
      expect(idProblem(any)).toContain('surrogate');
    },
  );
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { Ledger, type Ending } from '../../../lib/delivery/ledger.js';

const ENDINGS: readonly Ending[] = [
  'accepted',
  'rejected',
  'unknown',
  'notSent',
];

const event = fc.constantFrom<Ending | 'submit'>(
  'submit',
  'submit',
  ...ENDINGS,
);

describe('the ledger', () => {
  it('balances after every entry', () => {
    fc.assert(
      fc.property(fc.array(event, { maxLength: 60 }), (events) => {
        const ledger = new Ledger();
        const counts = { accepted: 0, rejected: 0, unknown: 0, notSent: 0 };
        let submitted = 0;
        let pending = 0;
        for (const one of events) {
          if (one === 'submit') {
            ledger.submit();
            submitted += 1;
            pending += 1;
          } else if (pending > 0) {
            ledger.end(one);
            counts[one] += 1;
            pending -= 1;
          }

          expect(ledger.totals).toEqual({ submitted, pending, ...counts });
          expect(ledger.pending).toBe(pending);
        }
        const { accepted, rejected, unknown, notSent } = ledger.totals;
        expect(accepted + rejected + unknown + notSent + pending).toBe(
          submitted,
        );
      }),
    );
  });

  it('says so each time nothing is pending any more', () => {
    let times = 0;
    const ledger = new Ledger(() => {
      times += 1;
    });
    ledger.submit();
    ledger.submit();
    ledger.end('accepted');
    expect(times).toBe(0);
    ledger.end('unknown');
    expect(times).toBe(1);
    ledger.submit();
    ledger.end('notSent');

    expect(times).toBe(2);
  });

  it('gives totals that do not change afterwards', () => {
    const ledger = new Ledger();
    ledger.submit();
    const before = ledger.totals;
    ledger.end('accepted');

    expect(before).toMatchObject({ submitted: 1, pending: 1, accepted: 0 });
  });
});

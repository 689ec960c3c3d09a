import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { Recipients } from '../../../lib/delivery/recipients.js';
import type { Answered } from '../../../lib/pool/job.js';
import type { Reply } from '../../../lib/smtp/reply.js';

const OK = { code: 250, text: 'ok' };
const QUEUED = { code: 250, text: 'Ok: queued as abc' };
const LATER = { code: 450, text: 'later' };
const NEVER = { code: 550, text: 'never' };
const FROM = 'hello@shop.example';

function recipientsOf(...to: string[]): Recipients {
  return new Recipients({ from: FROM, to });
}

function accepted(...recipients: (Reply | undefined)[]): Answered {
  return { kind: 'accepted', reply: QUEUED, recipients };
}

function rejected(
  command: string,
  reply: Reply,
  ...recipients: (Reply | undefined)[]
): Answered {
  return { kind: 'rejected', command, reply, recipients };
}

describe('the recipients of a message', () => {
  it('are all offered at first', () => {
    const recipients = recipientsOf('a@x.example', 'b@x.example');

    expect(recipients.settled).toBe(false);
    expect(recipients.outcomes).toEqual([]);
    expect(recipients.envelope).toEqual({
      from: FROM,
      to: ['a@x.example', 'b@x.example'],
    });
  });

  it('share the fate of the one whose message names them', () => {
    const addressees = ['a@x.example', 'b@x.example', 'a@x.example'];
    const recipients = new Recipients(
      { from: FROM, to: ['a@x.example'] },
      addressees,
    );

    recipients.answered(accepted(LATER), 1);
    expect(recipients.outcomes).toEqual([]);
    recipients.answered(accepted(NEVER), 2);

    expect(recipients.settled).toBe(true);
    expect(recipients.outcomes).toEqual(
      addressees.map((address) => ({
        address,
        state: 'rejected',
        reply: NEVER,
        attempts: 2,
      })),
    );
  });

  it('that were refused for now are the only ones offered again', () => {
    const recipients = recipientsOf(
      'a@x.example',
      'b@x.example',
      'c@x.example',
    );
    recipients.answered(accepted(OK, LATER, NEVER), 1);

    expect(recipients.envelope).toEqual({ from: FROM, to: ['b@x.example'] });
    expect(recipients.deferral).toBe(LATER);
    expect(recipients.outcomes).toEqual([
      { address: 'a@x.example', state: 'accepted', reply: OK, attempts: 1 },
      { address: 'c@x.example', state: 'rejected', reply: NEVER, attempts: 1 },
    ]);
  });

  it('end in the order of the envelope, whichever attempt ends them', () => {
    const recipients = recipientsOf(
      'a@x.example',
      'b@x.example',
      'c@x.example',
    );
    recipients.answered(accepted(LATER, OK, LATER), 1);
    recipients.answered(accepted(LATER, OK), 2);
    recipients.answered(accepted(NEVER), 5);

    expect(recipients.settled).toBe(true);
    expect(recipients.deferral).toBeUndefined();
    expect(recipients.outcomes).toEqual([
      { address: 'a@x.example', state: 'rejected', reply: NEVER, attempts: 5 },
      { address: 'b@x.example', state: 'accepted', reply: OK, attempts: 1 },
      { address: 'c@x.example', state: 'accepted', reply: OK, attempts: 2 },
    ]);
  });

  it('are told apart where the same address stands twice', () => {
    const recipients = recipientsOf('a@x.example', 'a@x.example');
    recipients.answered(accepted(OK, LATER), 1);
    recipients.end('not-sent', 1);

    expect(recipients.outcomes).toMatchObject([
      { address: 'a@x.example', state: 'accepted' },
      { address: 'a@x.example', state: 'not-sent', reply: LATER },
    ]);
  });

  it('of a refused MAIL all share its reply, whatever RCPT was told after it', () => {
    const recipients = recipientsOf('a@x.example', 'b@x.example');
    const needMail = { code: 503, text: 'Need MAIL command' };
    recipients.answered(rejected('MAIL FROM', LATER, needMail, needMail), 1);

    expect(recipients.deferral).toBe(LATER);
    expect(recipients.envelope.to).toHaveLength(2);
  });

  it('of a message refused at its dot share that reply, unless refused before', () => {
    const recipients = recipientsOf('a@x.example', 'b@x.example');
    recipients.answered(rejected('DATA', LATER, OK, NEVER), 1);

    expect(recipients.envelope.to).toEqual(['a@x.example']);
    expect(recipients.outcomes).toMatchObject([
      { address: 'b@x.example', state: 'rejected', reply: NEVER },
    ]);
  });

  it('refused one by one keep a reply each', () => {
    const recipients = recipientsOf('a@x.example', 'b@x.example');
    recipients.answered(rejected('RCPT TO', NEVER, NEVER, LATER), 1);

    expect(recipients.envelope.to).toEqual(['b@x.example']);
    expect(recipients.deferral).toBe(LATER);
  });

  it('of whom nothing was said are not taken for accepted', () => {
    const recipients = recipientsOf('a@x.example', 'b@x.example');
    recipients.answered(accepted(OK, undefined), 1);

    expect(recipients.outcomes[1]).toEqual({
      address: 'b@x.example',
      state: 'rejected',
      attempts: 1,
    });
  });
});

describe('recipients in doubt', () => {
  it.each<[string, (recipients: Recipients) => void]>([
    ['refused for good', (all) => all.answered(rejected('DATA', NEVER), 2)],
    ['given up', (all) => all.end('not-sent', 2)],
    ['refused to the end', (all) => all.end('rejected', 2)],
  ])('are of unknown outcome when %s', (_, end) => {
    const recipients = recipientsOf('a@x.example');
    recipients.unanswered(1);
    end(recipients);

    expect(recipients.doubtful).toBe(true);
    expect(recipients.outcomes).toMatchObject([{ state: 'unknown' }]);
  });

  it('are accepted when an attempt is', () => {
    const recipients = recipientsOf('a@x.example');
    recipients.unanswered(1);
    recipients.answered(accepted(OK), 2);

    expect(recipients.doubtful).toBe(false);
    expect(recipients.outcomes).toMatchObject([{ state: 'accepted' }]);
  });

  it('are only those that were still open', () => {
    const recipients = recipientsOf(
      'a@x.example',
      'b@x.example',
      'c@x.example',
    );
    recipients.answered(accepted(NEVER, LATER, OK), 1);
    recipients.unanswered(1);
    recipients.end('rejected', 2);

    expect(recipients.outcomes.map(({ state }) => state)).toEqual([
      'rejected',
      'unknown',
      'accepted',
    ]);
  });
});

describe('any course of attempts', () => {
  const reply = fc.constantFrom<Reply>(OK, LATER, NEVER);
  const step = fc.oneof(
    fc.record({ kind: fc.constant('answer'), replies: fc.array(reply) }),
    fc.record({ kind: fc.constant('doubt') }),
  );

  it('ends each recipient once, and calls none refused that may have been taken', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 6 }),
        fc.array(step, { maxLength: 8 }),
        (count, steps) => {
          const to = Array.from({ length: count }, (_, n) => `${n}@x.example`);
          const recipients = recipientsOf(...to);
          const model = to.map(() => ({ state: 'open', doubtful: false }));
          for (const [at, one] of steps.entries()) {
            const open = model.filter(({ state }) => state === 'open');
            if ('replies' in one) {
              const replies = open.map((_, n) => one.replies[n] ?? LATER);
              recipients.answered(accepted(...replies), at + 1);
              open.forEach((entry, n) => {
                if (replies[n] === OK) entry.state = 'accepted';
                if (replies[n] !== NEVER) return;
                entry.state = entry.doubtful ? 'unknown' : 'rejected';
              });
            } else {
              recipients.unanswered(1);
              for (const entry of open) entry.doubtful = true;
            }
            expect(recipients.envelope.to).toEqual(
              to.filter((_, n) => model[n]?.state === 'open'),
            );
          }
          recipients.end('not-sent', 9);

          expect(recipients.outcomes.map(({ state }) => state)).toEqual(
            model.map(({ state, doubtful }) => {
              if (state !== 'open') return state;
              return doubtful ? 'unknown' : 'not-sent';
            }),
          );
        },
      ),
    );
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import type { Pipelining } from '../../../lib/options/resolved-options.js';
import { MoodyServer, type Mood } from './support/moody-server.js';
import { Session } from './support/session.js';
import {
  bytesBody,
  transaction,
  type RecordedTransaction,
} from './support/transactions.js';

const mood = fc.oneof(
  { weight: 12, arbitrary: fc.constant<Mood>('usual') },
  {
    weight: 4,
    arbitrary: fc.constantFrom<Mood>('refuse', 'defer'),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom<Mood>('odd', 'closing', 'vanish'),
  },
);

const scenario = fc.record({
  moods: fc.array(mood, { minLength: 1, maxLength: 60 }),
  recipients: fc.array(fc.integer({ min: 1, max: 3 }), {
    minLength: 1,
    maxLength: 9,
  }),
  pipelining: fc.constantFrom<Pipelining>(
    'off',
    'envelope',
    'oneflight',
    'auto',
  ),
  /** Into how long pieces the replies are cut. */
  piece: fc.integer({ min: 1, max: 40 }),
  refusesRiders: fc.boolean(),
  /** After which steps which message is given up, if it is on its way. */
  aborts: fc.array(
    fc.record({ step: fc.nat({ max: 40 }), index: fc.nat({ max: 8 }) }),
    { maxLength: 4 },
  ),
});

type Scenario = typeof scenario extends fc.Arbitrary<infer T> ? T : never;

interface Played {
  readonly sent: RecordedTransaction[];
  readonly server: MoodyServer;
  /** Bodies of the messages that were given up, and certainly not sent. */
  readonly givenUp: string[];
}

/** Plays a scenario on one connection until one side has nothing to say. */
async function play(given: Scenario): Promise<Played> {
  const sent = given.recipients.map((count, index) =>
    transaction(count, { body: bytesBody(`message ${index}`) }),
  );
  const server = new MoodyServer(given.moods, given.refusesRiders);
  const session = new Session(sent, {}, given.pipelining);
  const givenUp: string[] = [];
  let step = 0;
  const abort = (): void => {
    const due = given.aborts.filter((one) => one.step === step);
    for (const { index } of due) {
      const one = sent[index];
      if (one === undefined || one.begun() === one.outcomes.length) continue;
      const state = session.pipeline.abort(one);
      if (state === 'not-sent') givenUp.push(`message ${index}\r\n`);
    }
    step += 1;
  };
  while (!server.gone) {
    abort();
    const text = await session.received();
    if (text === '') break;
    const replies = server.take(text);
    for (let at = 0; at < replies.length; at += given.piece) {
      abort();
      await session.send(replies.slice(at, at + given.piece));
    }
  }
  await session.drop();
  return { sent, server, givenUp };
}

/** The bodies of the transactions that ended as `kind`. */
function bodiesOf(
  sent: readonly RecordedTransaction[],
  ...kinds: string[]
): string[] {
  return sent.flatMap(({ outcomes }, index) =>
    outcomes.some(({ kind }) => kinds.includes(kind))
      ? [`message ${index}\r\n`]
      : [],
  );
}

describe('on a connection to a server of any mood', () => {
  it('each message ends once, and as what became of it', async () => {
    await fc.assert(
      fc.asyncProperty(scenario, async (given) => {
        const { sent, server, givenUp } = await play(given);

        for (const body of givenUp) expect(server.accepted).not.toContain(body);
        for (const one of sent) expect(one.outcomes).toHaveLength(one.begun());
        expect(server.offences).toEqual([]);
        const accepted = bodiesOf(sent, 'accepted');
        expect(server.accepted).toEqual(expect.arrayContaining(accepted));
        const known = bodiesOf(sent, 'accepted', 'unknown');
        expect(known).toEqual(expect.arrayContaining(server.accepted));
        expect(new Set(server.accepted).size).toBe(server.accepted.length);
      }),
      { numRuns: 500 },
    );
  });

  it('all messages are accepted when it is in its usual one', async () => {
    const usual = scenario.map((given) => ({
      ...given,
      moods: ['usual' as const],
      refusesRiders: false,
      aborts: [],
    }));
    await fc.assert(
      fc.asyncProperty(usual, async (given) => {
        const { sent, server } = await play(given);

        expect(server.accepted).toEqual(bodiesOf(sent, 'accepted'));
        expect(server.accepted).toHaveLength(sent.length);
      }),
      { numRuns: 100 },
    );
  });

  it('a refused rider is unsent, and the rest go on without riding', async () => {
    const refusing = scenario.map((given) => ({
      ...given,
      moods: ['usual' as const],
      pipelining: 'oneflight' as const,
      refusesRiders: true,
      aborts: [],
    }));
    await fc.assert(
      fc.asyncProperty(refusing, async (given) => {
        const { sent } = await play(given);

        const unsent = bodiesOf(sent, 'unsent');
        expect(unsent).toEqual(sent.length > 1 ? ['message 1\r\n'] : []);
        expect(bodiesOf(sent, 'accepted')).toHaveLength(
          sent.length - unsent.length,
        );
      }),
      { numRuns: 100 },
    );
  });
});

import fc from 'fast-check';
import { LANES, type Lane } from '../../../lib/pool/lane.js';
import { ledgerWrongs } from './ledger-wrongs.js';
import type { Post } from './post.js';
import type { Posting } from './posted-mail.js';
import { anyFault, type RelayFault } from './relay-fault.js';

/** The model keeps nothing: what holds is said of the ledger, whatever came before. */
export type Model = Record<string, never>;

/** One step of a run, after which the ledger is looked over. */
class Step implements fc.AsyncCommand<Model, Post> {
  readonly #name: string;
  readonly #act: (post: Post) => void | Promise<void>;

  constructor(name: string, act: (post: Post) => void | Promise<void>) {
    this.#name = name;
    this.#act = act;
  }

  check(): boolean {
    return true;
  }

  async run(_: Model, post: Post): Promise<void> {
    await this.#act(post);
    await post.clock.quiet();
    const wrong = ledgerWrongs(post);
    if (wrong.length > 0)
      throw new Error(`After ${this.#name}: ${wrong.join('; ')}`);
  }

  toString(): string {
    return this.#name;
  }
}

/**
 * No multiples of 50 as all other times are: fake timers that are due in the
 * same millisecond fire in one go, which real ones never do.
 */
const TIME_LIMITS = [1, 307, 4001, 30_001, 900_001];

const posting: fc.Arbitrary<Posting> = fc.record({
  recipients: fc.integer({ min: 1, max: 4 }),
  lane: fc.constantFrom<Lane>(...LANES),
  sender: fc.constantFrom('hello@shop.example', 'news@shop.example'),
  content: fc.constantFrom('bytes', 'bytes', 'stream', 'single-use'),
  timeoutMs: fc.oneof(
    { weight: 5, arbitrary: fc.constant(undefined) },
    { weight: 1, arbitrary: fc.constantFrom(...TIME_LIMITS) },
  ),
  abortable: fc.boolean(),
});

const sending = fc.array(posting, { minLength: 1, maxLength: 4 }).map(
  (mails) =>
    new Step(`send ${JSON.stringify(mails)}`, (post) => {
      for (const mail of mails) post.send(mail);
    }),
);

const aborting = fc.nat({ max: 20 }).map(
  (n) =>
    new Step(`abort ${n}`, ({ pending }) => {
      const able = pending.filter(({ abort }) => abort !== undefined);
      able[n % able.length]?.abort?.abort();
    }),
);

const passing = fc
  .constantFrom(50, 600, 600, 3000, 3000, 6000, 35_000, 65_000, 400_000)
  .map((ms) => new Step(`let ${ms} ms pass`, ({ clock }) => clock.pass(ms)));

const jumping = fc
  .constantFrom(3000, 60_000)
  .map(
    (ms) =>
      new Step(`set the clock ${ms} ms on`, ({ clock }) => clock.jump(ms)),
  );

const failing = anyFault.map(
  (fault: RelayFault) =>
    new Step(JSON.stringify(fault), ({ relay }) => relay.add(fault)),
);

const capping = fc.integer({ min: 1, max: 4 }).map(
  (cap) =>
    new Step(`a cap of ${cap}`, ({ relay }) => {
      relay.cap = cap;
    }),
);

const key = fc.constantFrom('key-one', 'key-one', 'key-one', 'key-two');

const changingKeys = fc.record({ client: key, relay: key }).map(
  ({ client, relay }) =>
    new Step(`give ${client}, take ${relay}`, (post) => {
      post.key = client;
      post.relay.key = relay;
    }),
);

const recovering = fc.constant(
  new Step('recover', (post) => {
    post.relay.recover();
    post.relay.key = post.key;
  }),
);

const pausing = fc.constant(
  new Step('pause', ({ deliveries }) => deliveries.pause('a test')),
);

const resuming = fc.constant(
  new Step('resume', ({ deliveries }) => deliveries.resume()),
);

const purging = fc
  .option(fc.constantFrom<Lane>(...LANES), { nil: undefined })
  .map(
    (lane) =>
      new Step(`purge ${lane}`, async ({ deliveries, mails, clock }) => {
        const taken = deliveries.purge(lane, () => true);
        await clock.quiet();
        for (const { message } of taken) {
          const { messageId } = message;
          const mail = mails.find((one) => one.messageId === messageId);
          if (mail?.told?.as !== 'notSent') {
            throw new Error(`${messageId} was purged and is ${mail?.told?.as}`);
          }
        }
      }),
  );

const limiting = fc
  .option(
    fc.constantFrom(1, 5).map((messages) => ({ messages, perMs: 1000 })),
    {
      nil: undefined,
    },
  )
  .map(
    (limit) =>
      new Step(`limit ${JSON.stringify(limit)}`, ({ deliveries }) =>
        deliveries.setRateLimit(limit),
      ),
  );

const verifying = fc.constant(
  new Step('verify', ({ deliveries }) => {
    // Whether it succeeds is no matter of the ledger.
    deliveries.verify().catch(() => undefined);
  }),
);

/** Any steps, in any order, the likelier ones several times. */
export const anySteps = fc.commands<Model, Post, false>(
  [
    ...Array.from({ length: 6 }, () => sending),
    ...Array.from({ length: 5 }, () => failing),
    ...Array.from({ length: 5 }, () => passing),
    ...Array.from({ length: 2 }, () => recovering),
    ...Array.from({ length: 2 }, () => resuming),
    aborting,
    capping,
    changingKeys,
    pausing,
    purging,
    limiting,
    jumping,
    verifying,
  ],
  { maxCommands: 60, size: 'max' },
);

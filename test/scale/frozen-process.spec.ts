import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it, type TestContext } from 'vitest';

import type { FakeSendGridOptions } from '../../lib/testing/fake-sendgrid/options.js';
import type { Fate, FrozenSettings } from './programs/frozen.js';
import type { RelayReport, RelaySettings } from './programs/messages.js';
import { recordFigures } from './support/figures.js';
import { RelayProcess, startProgram } from './support/programs.js';

const FROZEN_MS = 60_000;
const COUNT = 3;

const STALLS: RelaySettings['stalls'] = [
  { at: 'message', sender: 'dot' },
  { at: 'data', sender: 'envelope' },
  { at: 'body', sender: 'body' },
  { at: 'message', sender: 'ride' },
];

/** What a process that was frozen reports, and what the relay has seen. */
interface Thawed {
  readonly fates: readonly Fate[];

  /** Up to the freeze: connections with a higher number were made after it. */
  readonly before: RelayReport;
  readonly after: RelayReport;
}

/** Freezes a process, has the relay do something meanwhile, and thaws it. */
async function freeze(
  test: TestContext,
  fake: FakeSendGridOptions,
  busy: boolean,
  meanwhile?: 'release' | 'replace',
): Promise<Thawed> {
  const relay = await RelayProcess.start(test, fake, STALLS);
  const settings: FrozenSettings = {
    relay: relay.options,
    count: COUNT,
    busy,
  };
  const program = startProgram(test, 'frozen', settings);
  await program.next();
  await relay.whenStalled(busy ? 4 * COUNT : 0);
  program.signal('SIGSTOP');
  const before = await relay.tell(meanwhile ?? 'report');
  await sleep(FROZEN_MS);
  // It finds this waiting, beside what the relay has said.
  program.say('go on');
  program.signal('SIGCONT');
  const fates = await program.next<readonly Fate[]>();
  return { fates, before, after: await relay.tell('report') };
}

/** The endings of the messages whose sender starts with `kind`. */
function endings(
  { fates }: Thawed,
  kind: string,
): (readonly [Fate['ending'], number | undefined])[] {
  return fates
    .filter(({ sender }) => sender.startsWith(`${kind}.`))
    .map(({ ending, attempts }) => [ending, attempts] as const);
}

/** `count` messages that ended alike. */
function all(
  count: number,
  ending: Fate['ending'],
  attempts?: number,
): (readonly [Fate['ending'], number | undefined])[] {
  return Array.from({ length: count }, () => [ending, attempts] as const);
}

function sendersOf(
  items: readonly { readonly sender: string }[],
): readonly string[] {
  return items.map(({ sender }) => sender).toSorted();
}

describe.concurrent('a process frozen for a minute', () => {
  it('takes what was answered meanwhile, and no old connection', async (test) => {
    const thawed = await freeze(test, { parse: false }, true, 'release');

    for (const kind of ['dot', 'envelope', 'body']) {
      expect(endings(thawed, kind)).toEqual(all(COUNT, 'accepted', 1));
    }
    expect(endings(thawed, 'ride')).toEqual(all(2 * COUNT, 'accepted', 1));
    expectSentOn(thawed);
    expect(sendersOf(thawed.after.messages)).toEqual(sendersOf(thawed.fates));
    const oldest = thawed.before.connections.length;
    const late = thawed.after.messages.filter(({ sender }) =>
      sender.startsWith('late'),
    );
    expect(late.filter(({ connection }) => connection <= oldest)).toEqual([]);
    recordFigures('frozen-answered', thawed.fates);
  });

  it('knows what a relay that cut every connection meanwhile has taken', async (test) => {
    const thawed = await freeze(test, { parse: false }, true, 'replace');

    expect(endings(thawed, 'dot')).toEqual(all(COUNT, 'unknown'));
    for (const kind of ['envelope', 'body']) {
      expect(endings(thawed, kind)).toEqual(all(COUNT, 'accepted', 2));
    }
    // Those whose dot was out are unknown, what rode behind them moved.
    const rides = endings(thawed, 'ride');
    expect(rides.toSorted(([a], [b]) => a.localeCompare(b))).toEqual([
      ...all(COUNT, 'accepted', 2),
      ...all(COUNT, 'unknown'),
    ]);
    expectSentOn(thawed);
    const accepted = thawed.fates.filter(({ ending }) => ending === 'accepted');
    expect(thawed.before.messages).toEqual([]);
    expect(sendersOf(thawed.after.messages)).toEqual(sendersOf(accepted));
    recordFigures('frozen-cut', thawed.fates);
  });

  it('passes over idle connections that the relay closed meanwhile', async (test) => {
    const thawed = await freeze(
      test,
      { parse: false, idleTimeoutMs: 20_000 },
      false,
    );

    expectSentOn(thawed);
    expect(sendersOf(thawed.after.messages)).toEqual(sendersOf(thawed.fates));
    recordFigures('frozen-idle', thawed.fates);
  });
});

/** What was sent after the freeze went out at the first attempt. */
function expectSentOn(thawed: Thawed): void {
  expect(endings(thawed, 'late')).toEqual(all(4 * COUNT, 'accepted', 1));
  expect(endings(thawed, 'later')).toEqual(all(4 * COUNT, 'accepted', 1));
}

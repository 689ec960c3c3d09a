import { describe, expect, it } from 'vitest';
import { toFirst, type Answers } from './answers.js';
import { playWhole, type Played, type PlayedSetUp } from './session.js';
import { ENVELOPE, whole } from './transcript.js';
import { GROUPED, SET_UP_WAYS, type Way } from './ways.js';
import type { Script } from '../scripted-server.js';

/** What becomes of the message whose envelope went out behind AUTH. */
export interface Fate {
  readonly verdict: string;

  /** What the server took of it: its body, nothing, or an empty one. */
  readonly took: 'body' | 'nothing' | 'empty';

  /** Whether the connection serves on, and if the next group starts with RSET. */
  readonly then: 'lives' | 'resets' | 'closes';

  /** What was written for it on that connection. */
  readonly wire: string;
}

/** It had no body on the wire: it goes out again on another connection. */
export const MOVED = 'moved';

/** Where the envelope behind AUTH is, and in what mode. */
interface Place {
  readonly mode: 'envelope' | 'oneflight' | 'auto';
  readonly how: string;
  /** The message whose envelope it is. */
  readonly nth: 1 | 2;
}

/** `auto` tries it on the second connection, the first having gone well. */
const PLACES: readonly Place[] = [
  ...GROUPED.flatMap((mode) =>
    mode === 'off' ? [] : [{ mode, how: mode, nth: 1 } as const],
  ),
  { mode: 'auto', how: 'auto, as its probe', nth: 2 },
];

/** A test for each place and way: a script to play and what is to come of it. */
export function inEveryPlace(
  ways: readonly Way[],
  scriptFor: (place: Place, way: Way) => Script,
  expected: (place: Place) => Played,
): void {
  describe.concurrent.each(PLACES)('pipelining $how', (place) => {
    it.each(ways)('$security, $pieces', async (way) => {
      const played = await play(place, way, scriptFor(place, way));

      expect(played).toMatchObject({ ...expected(place), account: 'ok' });
    });
  });
}

/** A test for each answer to the envelope behind AUTH, place and way. */
export function describeBehindAuth(
  rows: readonly (readonly [
    row: string,
    answers: Answers,
    fate: Fate | typeof MOVED,
  ])[],
  ways: readonly Way[] = SET_UP_WAYS,
): void {
  describe.each(rows)('%s', (_, answers, fate) => {
    inEveryPlace(
      ways,
      ({ mode, nth }) => toFirst(answers, mode, nth),
      (place) => outcome(place, fate),
    );
  });
}

/** Three messages, one a connection for `auto`. */
async function play(
  { mode }: Place,
  way: Way,
  script: Script,
): Promise<PlayedSetUp> {
  const each = mode === 'auto' ? { maxMessagesPerConnection: 1 } : {};
  const pool = { maxConnections: 1, pipelining: mode, ...each };
  return playWhole({ ...way, mode, script, cut: 'all', options: { pool } });
}

/** What is to come of all three. */
export function outcome({ nth }: Place, fate: Fate | typeof MOVED): Played {
  const own = fate === MOVED ? 'accepted at attempt 2' : fate.verdict;
  const names = ['<1>', '<2>', '<3>'];
  const took = fate === MOVED ? 'body' : fate.took;
  const taken = { body: [`<${nth}>`], nothing: [], empty: ['.'] }[took];
  return {
    verdicts: ['accepted', 'accepted', 'accepted'].with(nth - 1, own),
    accepted: names.toSpliced(nth - 1, 1, ...taken),
    wire: nth === 1 ? wiresOfFirst(fate) : wiresOfProbe(fate),
  };
}

function wiresOfFirst(fate: Fate | typeof MOVED): string[] {
  if (fate === MOVED) return [ENVELOPE, `${whole(1, 2, 3)} QUIT`];
  const own = fate.wire.replace('BODY', '<1>');
  const rest = `${whole(2, 3)} QUIT`;
  if (fate.then === 'closes') return [own, rest];
  return [`${own}${fate.then === 'resets' ? ' RSET' : ''} ${rest}`];
}

/** One message a connection; another than the second has nothing to tell. */
function wiresOfProbe(fate: Fate | typeof MOVED): string[] {
  const lone = [1, 2, 3].map((n) => `${whole(n)} QUIT`);
  if (fate === MOVED) return lone.toSpliced(1, 0, ENVELOPE);
  const own = fate.wire.replace('BODY', '<2>');
  return lone.with(1, fate.then === 'closes' ? own : `${own} QUIT`);
}

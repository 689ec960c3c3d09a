import { describe, expect, it } from 'vitest';
import { toSecond, type Answers } from './answers.js';
import { playSession, type Played } from './session.js';
import type { Pieces } from '../scripted-server/outbox.js';
import { MODES, WAYS, type Mode, type Way } from './ways.js';

/** One row of the case table: the answers to message 2 of three. */
export interface Row {
  readonly row: string;
  readonly answers: Answers;

  /** The modes in which it can occur; all unless said. */
  readonly modes?: readonly Mode[];

  /** How the replies must come for it to occur; in any way unless said. */
  readonly pieces?: readonly Pieces[];

  /** What is to come of it. */
  readonly outcome: (mode: Mode) => Played;
}

/** A test for each row, mode and way. */
export function describeRows(rows: readonly Row[]): void {
  describe.concurrent.each(rows)('$row', (row) => {
    for (const mode of row.modes ?? MODES) {
      it.each(waysOf(row))(
        `pipelining ${mode}, $security, $pieces`,
        async (way) => {
          const script = toSecond(row.answers, mode);

          const played = await playSession({ ...way, mode, script });

          expect(played).toEqual(row.outcome(mode));
        },
      );
    }
  });
}

function waysOf({ pieces }: Row): readonly Way[] {
  return WAYS.filter((way) => pieces?.includes(way.pieces) ?? true);
}

import type { Pipelining } from '../../../lib/options/resolved-options.js';
import type { Security } from '../scripted-server/conversation.js';
import type { Pieces } from '../scripted-server/outbox.js';

/** How envelopes are written; `off` is lockstep. */
export type Mode = Exclude<Pipelining, 'auto'>;

export const MODES: readonly Mode[] = ['off', 'envelope', 'oneflight'];

/** The modes that write DATA before the replies to RCPT are known. */
export const GROUPED: readonly Mode[] = ['envelope', 'oneflight'];

/** What carries the replies, and in which pieces they come. */
export interface Way {
  readonly security: Security;
  readonly pieces: Pieces;
}

const waysOver = (security: Security): readonly Way[] =>
  (['whole', 'split', 'bytes'] as const).map((pieces) => ({
    security,
    pieces,
  }));

/** Plain and TLS, each with replies whole, cut at random, and byte by byte. */
export const WAYS: readonly Way[] = (['none', 'implicit'] as const).flatMap(
  waysOver,
);

/** The same and STARTTLS, for what begins with the set-up. */
export const SET_UP_WAYS: readonly Way[] = [...WAYS, ...waysOver('starttls')];

/** Where replies cut at random are cut; SEED repeats a run. */
export const SEED = Number(process.env['SEED'] ?? Date.now() % 1_000_000);
console.info(`seed ${SEED} (set SEED to repeat)`);

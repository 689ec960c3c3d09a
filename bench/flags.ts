import { parseArgs } from 'node:util';
import { CONTESTANTS, type ContestantName } from './contestants/registry.js';
import type { Scale } from './suites/bench.js';
import { namesOf } from './trusted.js';
import { SUITES, type SuiteName } from './suites/suites.js';

export const USAGE = `npm run bench -- [--only <suite>] [--quick | --smoke] [--profile <contestant>]

Measures, prints, and with all suites writes docs/benchmarks.md and the table of
README.md. Exits with 1 when a bar is missed.

  --only <suite>          one of: ${Object.keys(SUITES).join(', ')}; may be repeated
  --quick                 fewer rounds, nothing written, never exits with 1
                          for a bar
  --smoke                 only shows that everything runs: no libraries to
                          measure against, no bars, nothing written
  --profile <contestant>  runs one contestant under \`node --cpu-prof\`, the
                          profile goes to build/profiles; one of:
                          ${CONTESTANTS.join(', ')}`;

/** What the command line asks for. */
export type Request =
  | { readonly kind: 'help' }
  | { readonly kind: 'profile'; readonly name: ContestantName }
  | {
      readonly kind: 'bench';
      readonly suites: readonly SuiteName[];
      readonly scale: Scale;
    };

/** Reads the command line; throws on anything it does not know. */
export function readFlags(args: string[]): Request {
  const { values } = parseArgs({
    args,
    options: {
      help: { type: 'boolean', default: false },
      only: { type: 'string', multiple: true, default: [] },
      quick: { type: 'boolean', default: false },
      smoke: { type: 'boolean', default: false },
      profile: { type: 'string' },
    },
  });
  if (values.help) return { kind: 'help' };
  if (values.profile !== undefined) {
    return { kind: 'profile', name: oneOf(CONTESTANTS, values.profile) };
  }
  const all = namesOf(SUITES);
  const only = values.only.map((name) => oneOf(all, name));
  const scale = values.smoke ? 'smoke' : values.quick ? 'quick' : 'full';
  return { kind: 'bench', suites: only.length > 0 ? only : all, scale };
}

function oneOf<T extends string>(known: readonly T[], name: string): T {
  const found = known.find((candidate) => candidate === name);
  if (found === undefined) {
    throw new Error(`${name} is none of ${known.join(', ')}`);
  }
  return found;
}

import {
  InvalidOptionsError,
  type OptionProblem,
} from '../../../../lib/errors/invalid-options.error.js';
import { resolveOptions } from '../../../../lib/options/resolve-options.js';

/** A key of the right shape. */
export const KEY = `SG.${'k3y-_ID'.repeat(3)}x.${'s3cr3t-'.repeat(6)}z`;

/** The error that options are refused with. */
export function refusal(input: unknown): InvalidOptionsError {
  try {
    resolveOptions(input);
  } catch (error) {
    if (error instanceof InvalidOptionsError) return error;
    throw error;
  }
  throw new Error('the options were accepted');
}

/** The problems of options that are given together with a sound key. */
export function problemsWith(options: object): readonly OptionProblem[] {
  return refusal({ apiKey: KEY, ...options }).problems;
}

/** The one problem of options that are given together with a sound key. */
export function problemWith(options: object): OptionProblem {
  const [problem, ...others] = problemsWith(options);
  if (problem === undefined || others.length > 0)
    throw new Error(`expected one problem, got ${others.length + 1}`);
  return problem;
}

/** Resolves options together with a sound key. */
export function resolveWith(
  options: object = {},
): ReturnType<typeof resolveOptions> {
  return resolveOptions({ apiKey: KEY, ...options });
}

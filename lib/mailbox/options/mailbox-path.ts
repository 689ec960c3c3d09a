import type { OptionProblem } from '../../errors/invalid-options.error.js';

export const DEFAULT_PATH = 'dev/mailbox';

const SEGMENTS = /^[\w.~-]+(\/[\w.~-]+)*$/;

/** A path without slashes at its ends. */
export function trimmedPath(path: string): string {
  return path.replaceAll(/^\/+|\/+$/g, '');
}

/** What is wrong with a path, trimmed, if anything. */
export function pathProblem(path: string): OptionProblem | undefined {
  if (SEGMENTS.test(path)) return undefined;
  const problem =
    "must be a path of letters, digits and `-._~` that is not the application's root, such as 'dev/mailbox'";
  return { option: 'path', problem };
}

import { apiKeyProblem } from './api-key.js';
import { NoKeyError } from './no-key-error.js';
import { redactedError } from './redact.js';
import type { Secret } from './secret.js';

/** Gives the API key to use from now on. */
export type KeyFunction = () => string | Promise<string>;

/**
 * Calls the function given as `apiKey`, in a turn of its own. The `known` key
 * is kept out of what is reported.
 *
 * @throws NoKeyError when it throws, stays silent for `patienceMs`, or returns
 * what cannot be a key
 */
export async function askForKey(
  ask: KeyFunction,
  patienceMs: number,
  known?: Secret,
): Promise<string> {
  const key = await answerWithin(ask, patienceMs).catch((thrown: unknown) => {
    throw thrown instanceof NoKeyError ? thrown : failed(thrown, known);
  });
  const problem = key === '' ? 'must not be empty' : apiKeyProblem(key);
  if (problem === undefined) return key;
  const message = `What the function given as \`apiKey\` returns ${problem}`;
  throw new NoKeyError(message, { malformed: true });
}

async function answerWithin(
  ask: KeyFunction,
  patienceMs: number,
): Promise<string> {
  let timer: NodeJS.Timeout | undefined;
  const silence = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(silent(patienceMs)), patienceMs);
  });
  try {
    // Not called at once: it may send mail itself.
    return await Promise.race([Promise.resolve().then(ask), silence]);
  } finally {
    clearTimeout(timer);
  }
}

function silent(ms: number): NoKeyError {
  return new NoKeyError(
    `The function given as \`apiKey\` did not answer within ${ms} ms (\`timeouts.connectMs\`): check what it waits for`,
  );
}

function failed(thrown: unknown, known: Secret | undefined): NoKeyError {
  const cause = redactedError(thrown, known);
  return new NoKeyError(
    `The function given as \`apiKey\` failed (${cause.name}: ${cause.message}): it must return the key, or a promise of it`,
    { cause },
  );
}

import { setTimeout as sleep } from 'node:timers/promises';

/** Asks until the answer is the wanted one, or for half a minute. */
export async function eventually<T>(
  ask: () => Promise<T> | T,
  isWanted: (answer: T) => boolean,
): Promise<T> {
  const end = performance.now() + 30_000;
  for (;;) {
    const answer = await ask();
    if (isWanted(answer)) return answer;
    if (performance.now() > end) {
      throw new Error(`It stayed ${JSON.stringify(answer)}`);
    }
    await sleep(20);
  }
}

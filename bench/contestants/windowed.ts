import type { Contestant, Sender } from './contestant.js';

/** Keeps `inFlight` sends of a library under way until all are done. */
export function windowed(sender: Sender, inFlight: number): Contestant {
  return {
    run: (count) => runWindow(sender, inFlight, count),
    close: () => sender.close(),
  };
}

async function runWindow(
  sender: Sender,
  inFlight: number,
  count: number,
): Promise<void> {
  let next = 0;
  const lane = async (): Promise<void> => {
    while (next < count) {
      const n = next;
      next += 1;
      await sender.send(n);
    }
  };
  const lanes = Math.min(inFlight, count);
  await Promise.all(Array.from({ length: lanes }, lane));
}

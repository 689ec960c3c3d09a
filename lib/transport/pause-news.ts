import type { Telling } from '../events/telling.js';

/** Somebody has paused sending, unless it `was` for that reason already. */
export function tellPause(
  { log, masking }: Telling,
  reason: string,
  was: string | undefined,
): void {
  if (reason === was) return;
  log.warn(
    `Sending is paused: ${masking.text(reason)}. Mail waits until resume() is called.`,
  );
}

/** Sending goes on, if it `was` paused. */
export function tellResume({ log }: Telling, was: string | undefined): void {
  if (was !== undefined) log.info('Sending goes on.');
}

import type { MailError } from '../errors/mail-error.js';
import type { UnsentMail } from '../options/drain-report.js';
import type { Lane } from '../pool/lane.js';
import type { Places } from './places.js';
import { purged } from './verdict-errors.js';

/** Settles as not sent what waits, and gives it back. */
export function purge(
  places: Places,
  lane: Lane | undefined,
  where: (mail: UnsentMail) => boolean,
  reason: MailError = purged(),
): UnsentMail[] {
  const taken: UnsentMail[] = [];
  places.revokeWaiting((place) => {
    if (lane !== undefined && place.lane !== lane) return false;
    const { unsent } = place;
    const goes = where(unsent);
    if (goes) taken.push(unsent);
    return goes;
  }, reason);
  return taken;
}

import type { Telling } from '../events/telling.js';
import { replyLine } from '../smtp/reply.js';
import type { AccountFault } from './account-fault.js';

/** SendGrid takes nothing from the account. */
export function tellAccountPaused(
  { log, events, masking }: Telling,
  { kind, reply, meaning, advice }: AccountFault,
  keyFingerprint: string | undefined,
  probeInMs: number,
): void {
  const said = masking.text(replyLine(reply));
  const minutes = Math.round(probeInMs / 60_000);
  const meanwhile =
    kind === 'refused'
      ? 'Open connections work on; sends that need another fail with ACCOUNT.'
      : 'What is queued is held.';
  log.warn(
    `SendGrid does not let the account send (${said}). ${meaning} ${advice} ${meanwhile} It is tried again in ${minutes} min, then ever later.`,
  );
  if (!events.listening) return;
  events.emit({
    type: 'account-paused',
    reason: kind,
    reply,
    advice,
    keyFingerprint,
  });
}

/** SendGrid takes mail from the account again. */
export function tellAccountResumed(
  { log, events }: Telling,
  pausedMs: number,
): void {
  const seconds = Math.round(pausedMs / 1000);
  log.info(`SendGrid lets the account send again, after ${seconds} s.`);
  if (events.listening) events.emit({ type: 'account-resumed', pausedMs });
}

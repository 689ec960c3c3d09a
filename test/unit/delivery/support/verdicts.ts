import type { Verdict } from '../../../../lib/pool/job.js';
import { ConnectionError } from '../../../../lib/smtp/connection-error.js';
import type { Reply } from '../../../../lib/smtp/reply.js';

export const OK = { code: 250, text: 'ok' };
export const LATER = { code: 451, text: 'later' };
export const BUSY = { code: 450, text: 'busy' };
export const NEVER = { code: 554, text: 'never' };
export const SENDER = {
  code: 550,
  text: 'The from address does not match a verified Sender Identity',
};
export const CREDITS = { code: 451, text: 'Maximum credits exceeded' };

/** The message left whole and got no reply. */
export function unanswered(): Verdict {
  return { kind: 'unknown', fault: new ConnectionError('session', 'Lost') };
}

/** The message is refused, at its dot unless said otherwise. */
export function refused(
  reply: Reply = LATER,
  command = 'DATA',
  recipients: readonly Reply[] = [OK, OK],
): Verdict {
  return { kind: 'rejected', reply, command, recipients };
}

/** The message is taken, and queued as `id`; `recipients` run along the envelope. */
export function accepted(id: string, ...recipients: Reply[]): Verdict {
  const reply = { code: 250, text: `Ok: queued as ${id}` };
  return { kind: 'accepted', reply, recipients };
}

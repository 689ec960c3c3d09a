import type { ConnectionError } from './connection-error.js';
import type { Exchange } from './exchange.js';
import { sessionError } from './outcomes.js';
import type { PipelineSettings } from './pipeline-host.js';
import type { Behind, PipeliningPolicy } from './pipelining-policy.js';

/** How long a reply may take while the host is not known to give one, in milliseconds. */
const PROBE_MS = 5000;

/** Replies that say the relay will not take commands where they came. */
const REFUSES_GROUPING = new Set([500, 502, 503, 530]);

/** How long to wait for a reply to what went out behind something, in milliseconds. */
export function patience(
  behind: Behind | undefined,
  { policy, commandMs }: PipelineSettings,
): number {
  const known = behind === undefined || policy.isProven(behind);
  return known ? commandMs : Math.min(PROBE_MS, commandMs);
}

/**
 * Whether an envelope with all its replies was turned away for going out
 * behind something; the policy learns from either answer.
 */
export function refusesGrouping(
  { behind, mail }: Exchange,
  policy: PipeliningPolicy,
): ConnectionError | undefined {
  if (behind === undefined || mail === undefined) return undefined;
  if (!REFUSES_GROUPING.has(mail.code)) {
    policy.answered(behind);
    return undefined;
  }
  policy.refused(behind, `the relay answered ${mail.code}`);
  const what = behind === 'body' ? 'a body' : 'AUTH';
  return sessionError(`The relay refused an envelope behind ${what}`, mail);
}

/** What the end of a connection tells of the envelopes still on it. */
export function learnFromLoss(
  policy: PipeliningPolicy,
  error: ConnectionError,
  current: Exchange | undefined,
  rider: Exchange | undefined,
): void {
  const due = current?.stage === 'envelope' ? current.behind : undefined;
  const asked = due ?? rider?.behind;
  if (asked === undefined) return;
  const { nature } = error;
  // A rider whose body has no reply yet: only a broken stream speaks of it.
  const telling = due !== undefined || nature !== 'loss';
  if (nature === 'deliberate' || !telling || refusesAuth(error)) {
    policy.inconclusive(asked);
  } else policy.unanswered(asked, nature);
}

/** A refused AUTH says nothing of what came behind it. */
function refusesAuth({ stage, reply }: ConnectionError): boolean {
  return stage === 'auth' && reply !== undefined;
}

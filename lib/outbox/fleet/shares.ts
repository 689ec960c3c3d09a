import type { FleetLimits } from './fleet-limits.js';
import type { Amounts, FleetControl } from './fleet-record.js';
import type { FleetShare } from './share-holder.js';

/** The share that these amounts make. */
export function shareOf(
  { connections, messages }: Amounts,
  { limits: { rateLimit }, paused }: Pick<FleetControl, 'limits' | 'paused'>,
): FleetShare {
  const rate = rateLimit && { messages, perMs: rateLimit.perMs };
  return { connections, rate, paused };
}

/** Nothing of what is limited. */
export function noShare(
  limits: FleetLimits,
  paused: string | undefined,
): FleetShare {
  return shareOf({ connections: 0, messages: 0 }, { limits, paused });
}

/** What both allow, as the second counts it. */
export function lesserShare(one: FleetShare, two: FleetShare): FleetShare {
  return {
    connections: Math.min(one.connections, two.connections),
    rate: lesserRate(one.rate, two.rate),
    paused: two.paused ?? one.paused,
  };
}

export function sameShare(one: FleetShare, two: FleetShare): boolean {
  return (
    one.connections === two.connections &&
    one.paused === two.paused &&
    sameRate(one.rate, two.rate)
  );
}

export function sameRate(
  one: FleetShare['rate'],
  two: FleetShare['rate'],
): boolean {
  return one?.messages === two?.messages && one?.perMs === two?.perMs;
}

function lesserRate(
  one: FleetShare['rate'],
  two: FleetShare['rate'],
): FleetShare['rate'] {
  if (one === undefined || two === undefined) return one ?? two;
  const messages = Math.min(one.messages, two.messages);
  return { messages, perMs: two.perMs };
}

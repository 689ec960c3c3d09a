import type { BatchObservableResult, Meter } from '@opentelemetry/api';
import type { MailStats } from '../delivery/stats.js';
import { LANES } from '../pool/lane.js';
import { ATTRIBUTES, type CommonAttributes } from './attributes.js';
import type { Instruments } from './instruments.js';

const CONNECTION_STATES = ['idle', 'busy', 'connecting'] as const;

/**
 * Has the gauges read an instance's state whenever they are collected.
 *
 * @returns what ends that
 */
export function observeStats(
  meter: Meter,
  instruments: Instruments,
  instance: { stats(): MailStats },
  common: CommonAttributes,
): () => void {
  const { pending, queueMessages, queueSize, queueAge } = instruments;
  const { connections, held, pausedSenders } = instruments;
  const observables = [
    pending,
    queueMessages,
    queueSize,
    queueAge,
    connections,
    held,
    pausedSenders,
  ];
  const observe = (result: BatchObservableResult): void => {
    const now = instance.stats();
    result.observe(pending, now.totals.pending, common);
    result.observe(pausedSenders, now.pausedSenders, common);
    observeLanes(result, instruments, now, common);
    for (const state of CONNECTION_STATES) {
      const attributes = { ...common, [ATTRIBUTES.connectionState]: state };
      result.observe(connections, now.connections[state], attributes);
    }
    for (const [reason, holds] of holdsOf(now)) {
      const attributes = { ...common, [ATTRIBUTES.reason]: reason };
      result.observe(held, holds ? 1 : 0, attributes);
    }
  };
  meter.addBatchObservableCallback(observe, observables);
  return () => meter.removeBatchObservableCallback(observe, observables);
}

function observeLanes(
  result: BatchObservableResult,
  { queueMessages, queueSize, queueAge }: Instruments,
  { queue }: MailStats,
  common: CommonAttributes,
): void {
  for (const lane of LANES) {
    const { messages, bytes, oldestMs } = queue.byLane[lane];
    const attributes = { ...common, [ATTRIBUTES.lane]: lane };
    result.observe(queueMessages, messages, attributes);
    result.observe(queueSize, bytes, attributes);
    result.observe(queueAge, oldestMs / 1000, attributes);
  }
}

function holdsOf({
  account,
  paused,
  outageMs,
}: MailStats): [string, boolean][] {
  return [
    ['operator', paused !== undefined],
    ['account-paused', account === 'paused'],
    ['account-refused', account === 'refused'],
    ['outage', outageMs !== undefined],
  ];
}

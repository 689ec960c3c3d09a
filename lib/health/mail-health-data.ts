import type { MailStats } from '../delivery/stats.js';
import type { ResolvedOptions } from '../options/resolved-options.js';
import type { MailLine } from '../transport/mail-line.js';
import type { MailTrouble } from './mail-health.options.js';
import type { MailProbeResult } from './noop-probe.js';

/** What the indicator tells of an instance, next to its status. */
export interface MailHealthData {
  /** What is wrong, whether or not it makes the indicator `down`. */
  readonly troubles: readonly MailTrouble[];

  /** `capture` and `discard` send nothing. */
  readonly mode: 'smtp' | 'capture' | 'discard';
  readonly connections: MailStats['connections'];
  readonly queue: MailStats['queue'];
  readonly account: MailStats['account'];

  /** Why `MailService.pause` holds mail back; absent while it does not. */
  readonly paused?: string;

  /** How many senders SendGrid refuses at present. */
  readonly pausedSenders: number;

  /** For how long no connection could be had; absent while that is not so. */
  readonly outageMs?: number;

  /** Domain of the address that all mail is led to, where it is. */
  readonly redirect?: string;

  /** How the latest probe ended; absent before the first. */
  readonly probe?: MailProbeResult;
}

/** Reads an instance's state. No address and no key is in it. */
export function healthDataOf(
  { options, carrier, telling }: MailLine,
  probe: MailProbeResult | undefined,
): MailHealthData {
  const { connections, queue, account, pausedSenders, ...rest } =
    carrier.stats();
  const { paused, outageMs } = rest;
  const { mode, redirect } = options;
  return {
    troubles: troublesOf(rest, account, isFull(queue, options)),
    mode,
    connections,
    queue,
    account,
    pausedSenders,
    ...(paused !== undefined && { paused: telling.masking.text(paused) }),
    ...(outageMs !== undefined && { outageMs }),
    ...(redirect && { redirect: domainOf(redirect.to) }),
    ...(probe && { probe }),
  };
}

function troublesOf(
  { paused, outageMs }: Pick<MailStats, 'paused' | 'outageMs'>,
  account: MailStats['account'],
  full: boolean,
): MailTrouble[] {
  const troubles: MailTrouble[] = [];
  if (paused !== undefined || account !== 'ok') troubles.push('paused');
  if (full) troubles.push('queueFull');
  if (outageMs !== undefined) troubles.push('unreachable');
  return troubles;
}

function isFull(
  { messages, bytes }: MailStats['queue'],
  { queue: { maxMessages, maxBytes } }: ResolvedOptions,
): boolean {
  return messages >= maxMessages || bytes >= maxBytes;
}

function domainOf(address: string): string {
  return address.slice(address.lastIndexOf('@') + 1);
}

import type { KeyObject } from 'node:crypto';
import {
  InvalidOptionsError,
  type OptionProblem,
} from '../../errors/invalid-options.error.js';
import { problemsIn } from '../../options/find-problems.js';
import { isRecord } from '../../options/is-record.js';
import type { SeenEvents } from '../intake/seen-events.js';
import type { SendGridWebhookOptions } from '../sendgrid-webhook-options.js';
import { readPublicKey } from '../signature/public-keys.js';
import type { SuppressionStore } from '../suppression/suppression-store.js';
import { WebhookRootOptions } from './webhook-root.options.js';

/** The options of the webhook, checked, with every default. */
export interface ResolvedWebhookOptions {
  readonly keys: readonly KeyObject[];
  readonly maxBodyBytes: number;
  readonly maxQueuedBytes: number;
  readonly replayWindowMs: number | undefined;
  readonly concurrency: number;
  readonly seen: SeenEvents;
  readonly onSuppressed: SendGridWebhookOptions['onSuppressed'];
  readonly suppressions: SuppressionStore | undefined;
  readonly instances: readonly string[] | undefined;
}

/**
 * Validates what the user wrote and applies every default.
 *
 * @throws InvalidOptionsError listing every problem
 */
export function resolveWebhookOptions(input: unknown): ResolvedWebhookOptions {
  if (!isRecord(input)) {
    throw invalidWebhookOptions([
      { option: 'options', problem: 'must be an object of options' },
    ]);
  }
  const options = new WebhookRootOptions();
  const unknown = options.take(input);
  const problems = problemsIn(options, unknown, new WebhookRootOptions());
  if (problems.length > 0) throw invalidWebhookOptions(problems);
  const { publicKeys, ...rest } = options;
  const keys = typeof publicKeys === 'string' ? [publicKeys] : publicKeys;
  return Object.freeze({ ...rest, keys: keys.map(readPublicKey) });
}

/** The error of a webhook that cannot work as it is configured. */
export function invalidWebhookOptions(
  problems: readonly OptionProblem[],
): InvalidOptionsError {
  return new InvalidOptionsError(problems, 'SendGridWebhookModule');
}

import { OptionGroup } from '../../options/option-group.js';
import { Rule, RuleEvenIfAbsent } from '../../options/rule.js';
import { Callable, Methods, Milliseconds, Whole } from '../../options/rules.js';
import { MemorySeenEvents, type SeenEvents } from '../intake/seen-events.js';
import type { SendGridWebhookOptions } from '../sendgrid-webhook-options.js';
import { PublicKeyProblem, readPublicKey } from '../signature/public-keys.js';
import type { SuppressionStore } from '../suppression/suppression-store.js';

/** SendGrid posts once it has this much, and the event that went over. */
const LEAST_BODY_BYTES = 800_000;
const MIB = 1_048_576;
const GIB = 1024 * MIB;

/** Validates {@link SendGridWebhookOptions}, and holds them with their defaults. */
export class WebhookRootOptions extends OptionGroup {
  @RuleEvenIfAbsent(keysProblem)
  readonly publicKeys: string | readonly string[] = [];

  @Whole(LEAST_BODY_BYTES, GIB, 'SendGrid posts 768 kilobytes and more')
  readonly maxBodyBytes: number = 2 * MIB;

  @Whole(MIB)
  readonly maxQueuedBytes: number = 64 * MIB;

  @Milliseconds(1000)
  readonly replayWindowMs: number | undefined = undefined;

  @Whole(1, 10_000)
  readonly concurrency: number = 16;

  @Methods('enter')
  readonly seen: SeenEvents = new MemorySeenEvents();

  @Callable()
  readonly onSuppressed: SendGridWebhookOptions['onSuppressed'] = undefined;

  @Methods('add', 'reasonsFor')
  readonly suppressions: SuppressionStore | undefined = undefined;

  @Rule(namesProblem)
  readonly instances: readonly string[] | undefined = undefined;
}

function keysProblem(value: unknown): string | undefined {
  const keys: readonly unknown[] = Array.isArray(value) ? value : [value];
  if (keys.length === 0 || keys.includes('')) {
    return "is required: give the Verification Key of the webhook in SendGrid's console; when it comes from an environment variable, that is unset or empty here";
  }
  for (const key of keys) {
    const problem = keyProblem(key);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

function keyProblem(key: unknown): string | undefined {
  if (typeof key !== 'string') return 'must be a text, or a list of texts';
  try {
    readPublicKey(key);
    return undefined;
  } catch (error) {
    if (error instanceof PublicKeyProblem) return error.message;
    throw error;
  }
}

function namesProblem(value: unknown): string | undefined {
  return Array.isArray(value) && value.every((name) => typeof name === 'string')
    ? undefined
    : 'must be a list of names of mail instances, {got}';
}

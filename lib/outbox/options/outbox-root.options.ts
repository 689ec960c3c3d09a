import { Group } from '../../options/group.decorator.js';
import { OptionGroup } from '../../options/option-group.js';
import { Rule, RuleEvenIfAbsent } from '../../options/rule.js';
import { Methods, Milliseconds, OneOf, Whole } from '../../options/rules.js';
import type { TemplateRenderer } from '../../options/template-renderer.js';
import { DEFAULT_MAX_BYTES } from '../job/encode-job.js';
import { connectionProblem, type MailOutboxConnection } from './connection.js';
import { EncryptionOptions } from './encryption.options.js';
import { FleetOptions } from './fleet.options.js';
import type { MailOutboxRole } from './mail-outbox-options.js';
import { OutboxRetryOptions } from './retry.options.js';

const DAY_MS = 86_400_000;
const LONGEST_MS = 3650 * DAY_MS;

/** Validates the options of the outbox as a whole, and holds them with their defaults. */
export class OutboxRootOptions extends OptionGroup {
  @RuleEvenIfAbsent(connectionProblem)
  readonly connection: MailOutboxConnection | undefined = undefined;

  @RuleEvenIfAbsent(environmentProblem)
  readonly environment: string | undefined = undefined;

  @OneOf('producer', 'worker', 'both')
  readonly role: MailOutboxRole = 'both';

  @Rule(nameProblem)
  readonly queueName: string = 'mail-outbox';

  @RuleEvenIfAbsent(prefixProblem)
  readonly prefix: string = 'bull';

  @Rule(textProblem)
  readonly instance: string = 'default';

  @Whole(1, 20_000)
  readonly concurrency: number | undefined = undefined;

  @Whole(1000, LONGEST_MS, 'milliseconds')
  readonly idempotencyWindowMs: number = 7 * DAY_MS;

  @Rule(retentionProblem)
  readonly retentionMs: number = 14 * DAY_MS;

  @Whole(1)
  readonly maxBytes: number = DEFAULT_MAX_BYTES;

  @Group()
  readonly encryption = new EncryptionOptions();

  @Methods('render')
  readonly templates: TemplateRenderer | undefined = undefined;

  @Group()
  readonly retry = new OutboxRetryOptions();

  @Group()
  readonly fleet = new FleetOptions();

  @OneOf('hold', 'resend', 'reconcile')
  readonly onUnknown: 'hold' | 'resend' | 'reconcile' = 'hold';

  @Milliseconds(1000)
  readonly reconcileMs: number = 3_600_000;

  @Milliseconds(1000)
  readonly lockMs: number = 30_000;
}

function environmentProblem(value: unknown): string | undefined {
  if (value === undefined) {
    return "is required: name where this process runs, for example 'production'; workers send only what was enqueued in theirs";
  }
  return typeof value === 'string' && value.length > 0 && value.length <= 64
    ? undefined
    : 'must be a text of 1 to 64 characters, {got}';
}

function nameProblem(value: unknown): string | undefined {
  return typeof value === 'string' && /^[\w.-]{1,128}$/.test(value)
    ? undefined
    : 'must be 1 to 128 of letters, digits, dots, hyphens and underscores, {got}';
}

function prefixProblem(value: unknown, group: object): string | undefined {
  const isName =
    typeof value === 'string' &&
    value.length <= 128 &&
    /^(?=.)[\w.-]*(?:\{[\w.-]+\}[\w.-]*)?$/.test(value);
  if (!isName) {
    return 'must be 1 to 128 of letters, digits, dots, hyphens and underscores, of which a part may stand in braces, {got}';
  }
  const connection: unknown = Reflect.get(group, 'connection');
  const isCluster = Reflect.get(Object(connection), 'isCluster') === true;
  return isCluster && !value.includes('{')
    ? "must have a part in braces for a cluster of Redis, as in '{bull}', so that all keys of the queue are in one slot, {got}"
    : undefined;
}

function textProblem(value: unknown): string | undefined {
  return typeof value === 'string' && value !== ''
    ? undefined
    : 'must be a text, {got}';
}

function retentionProblem(value: unknown, group: object): string | undefined {
  const windowMs: unknown = Reflect.get(group, 'idempotencyWindowMs');
  const least = typeof windowMs === 'number' ? windowMs : 0;
  return Number.isInteger(value) &&
    Number(value) >= least &&
    Number(value) <= LONGEST_MS
    ? undefined
    : `must be a whole number of milliseconds from \`idempotencyWindowMs\` (${least}) to ${LONGEST_MS}, {got}`;
}

import { InvalidOptionsError } from '../../errors/invalid-options.error.js';
import { problemsIn } from '../../options/find-problems.js';
import { isRecord } from '../../options/is-record.js';
import type { TemplateRenderer } from '../../options/template-renderer.js';
import { JobCipher } from '../job/job-cipher.js';
import { resolveConnection, type ResolvedConnection } from './connection.js';
import type { ResolvedFleetOptions } from './fleet.options.js';
import type { MailOutboxRole } from './mail-outbox-options.js';
import { OutboxRootOptions } from './outbox-root.options.js';
import type { ResolvedOutboxRetry } from './retry.options.js';

/** The options of an outbox, checked, with every default. */
export interface ResolvedOutboxOptions {
  readonly store: ResolvedConnection;
  readonly environment: string;
  readonly role: MailOutboxRole;
  readonly queueName: string;
  readonly prefix: string;
  readonly instance: string;
  readonly concurrency: number | undefined;
  readonly idempotencyWindowMs: number;
  readonly retentionMs: number;
  readonly maxBytes: number;
  readonly cipher: JobCipher | undefined;
  readonly templates: TemplateRenderer | undefined;
  readonly retry: ResolvedOutboxRetry;
  readonly fleet: ResolvedFleetOptions | undefined;
  readonly onUnknown: 'hold' | 'resend' | 'reconcile';
  readonly reconcileMs: number;
  readonly lockMs: number;
}

/**
 * Validates what the user wrote and applies every default.
 *
 * @throws InvalidOptionsError listing every problem, without any secret.
 */
export function resolveOutboxOptions(input: unknown): ResolvedOutboxOptions {
  if (!isRecord(input)) {
    throw invalidOutboxOptions([
      { option: 'options', problem: 'must be an object of options' },
    ]);
  }
  const options = new OutboxRootOptions();
  const unknown = options.take(input);
  const problems = problemsIn(options, unknown, new OutboxRootOptions());
  const { connection, environment, encryption, retry, fleet, ...rest } =
    options;
  if (problems.length > 0 || connection === undefined) {
    throw invalidOutboxOptions(problems);
  }
  const sealing = encryption.toEncryption();
  return Object.freeze({
    ...rest,
    store: Object.freeze(resolveConnection(connection)),
    environment: environment ?? '',
    cipher: sealing && new JobCipher(sealing),
    retry: retry.toRetry(),
    fleet: fleet.toFleet(),
  });
}

/** The error of an outbox that cannot work as it is configured. */
export function invalidOutboxOptions(
  problems: InvalidOptionsError['problems'],
): InvalidOptionsError {
  return new InvalidOptionsError(problems, 'MailOutboxModule');
}

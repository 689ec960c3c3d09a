import {
  InvalidOptionsError,
  type OptionProblem,
} from '../errors/invalid-options.error.js';
import { isRecord } from './is-record.js';
import { redactedError } from './redact.js';
import type { ResolvedOptions } from './resolved-options.js';
import { RootOptions } from './root.options.js';
import { shownTenant } from './tenant-id.js';
import { TENANT_OPTIONS, tenantInput } from './tenant-input.js';
import type { SendGridSmtpTenantsFunction } from './tenant.options.js';

/** What a tenant's options are made from. */
export interface TenantSource {
  /** Tells what is a tenant's own. */
  readonly ask: SendGridSmtpTenantsFunction;

  /** The instance's options as given. */
  readonly instance: object;

  /** Validates options as a whole. */
  readonly resolve: (input: unknown) => ResolvedOptions;
}

/**
 * Validates what a tenant has of its own, together with all else.
 *
 * @throws InvalidOptionsError naming the tenant, without any secret
 */
export function resolveTenant(
  id: string,
  { ask, instance, resolve }: TenantSource,
): ResolvedOptions {
  const own = answerOf(id, ask);
  const problems = problemsOfNames(own);
  try {
    const options = resolve(tenantInput(instance, own));
    if (problems.length === 0) return options;
  } catch (error) {
    if (!(error instanceof InvalidOptionsError)) throw error;
    problems.push(...error.problems);
  }
  throw new InvalidOptionsError(
    problems.map(({ option, problem }) => ({
      option: `${pathOf(id)}.${option}`,
      problem,
    })),
  );
}

function answerOf(id: string, ask: SendGridSmtpTenantsFunction): object {
  let answer: unknown;
  try {
    answer = ask(id);
  } catch (thrown) {
    const cause = redactedError(thrown);
    const error = failure(id, `failed: ${cause.name}: ${cause.message}`);
    error.cause = cause;
    throw error;
  }
  if (isRecord(answer)) return answer;
  throw failure(
    id,
    isPromise(answer)
      ? 'gave a promise: it must answer at once; a key that has to be fetched is given as `apiKey: async () => ...`'
      : 'gave no object of options',
  );
}

function isPromise(answer: unknown): boolean {
  const then: unknown = Reflect.get(Object(answer), 'then');
  if (typeof then !== 'function') return false;
  // Nobody else waits for it.
  Promise.resolve(answer).catch(() => undefined);
  return true;
}

/** Options that tenants share are refused here; unknown ones are by all others. */
function problemsOfNames(own: object): OptionProblem[] {
  const known = new RootOptions();
  return Object.keys(own)
    .filter((name) => Object.hasOwn(known, name) && !TENANT_OPTIONS.has(name))
    .map((option) => ({
      option,
      problem: `is not a tenant's own: set it for the instance (tenants have ${[...TENANT_OPTIONS].join(', ')})`,
    }));
}

function failure(id: string, problem: string): InvalidOptionsError {
  return new InvalidOptionsError([{ option: pathOf(id), problem }]);
}

function pathOf(id: string): string {
  return `tenants('${shownTenant(id)}')`;
}

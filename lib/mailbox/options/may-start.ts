/** Where a mailbox starts without being told to. */
const AT_HOME = new Set<string | undefined>(['development', 'test']);

/** Whether a mailbox starts in this environment, and what it needs there. */
export type Start =
  | { readonly kind: 'on'; readonly needsGuard: boolean }
  | { readonly kind: 'off'; readonly reason: string };

/**
 * Decides whether a mailbox starts. Anywhere but at home it does so when told
 * to only, since an environment that nobody named may well be production.
 */
export function mayStart(
  enabled: boolean | undefined,
  environment = process.env['NODE_ENV'],
): Start {
  if (enabled === false) return { kind: 'off', reason: '`enabled` is false' };
  const isAtHome = AT_HOME.has(environment);
  if (isAtHome || enabled === true) {
    return { kind: 'on', needsGuard: !isAtHome };
  }
  const named =
    environment === undefined ? 'not set' : JSON.stringify(environment);
  return { kind: 'off', reason: `NODE_ENV is ${named}` };
}

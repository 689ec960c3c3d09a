import { shownName } from './shown-value.js';

const LONGEST = 256;

/** Says what is wrong with the id of a tenant, or nothing. */
export function tenantIdProblem(id: unknown): string | undefined {
  if (typeof id === 'string' && id.length > 0 && id.length <= LONGEST) {
    return undefined;
  }
  return `must be a text of 1 to ${LONGEST} characters`;
}

/** The id of a tenant as logs and errors may print it: short, on one line. */
export function shownTenant(id: string): string {
  return shownName(id, '');
}

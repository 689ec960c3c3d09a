import { isRecord } from './is-record.js';

/** What a tenant may have of its own. */
export const TENANT_OPTIONS: ReadonlySet<string> = new Set([
  'apiKey',
  'region',
  'defaults',
  'pool',
  'allowedFrom',
]);

/** Lays what is a tenant's own over the options of its instance, all unchecked. */
export function tenantInput(instance: object, own: object): object {
  const whole = new Map(Object.entries(instance));
  for (const name of ['apiKey', 'tenants', 'maxTenants']) whole.delete(name);
  for (const [name, value] of Object.entries(own)) {
    if (value !== undefined) whole.set(name, merged(name, whole, value));
  }
  return Object.fromEntries(whole);
}

function merged(
  name: string,
  whole: ReadonlyMap<string, unknown>,
  own: unknown,
): unknown {
  const given = whole.get(name);
  // What is none is told so when it is checked.
  if (!isRecord(given) || !isRecord(own)) return own;
  if (name === 'pool') return { ...given, ...present(own) };
  return name === 'defaults' ? mergedDefaults(given, own) : own;
}

function mergedDefaults(given: object, own: object): object {
  const fields: Record<string, unknown> = { ...given, ...present(own) };
  const headers: unknown = Reflect.get(given, 'headers');
  if (isRecord(headers) && isRecord(fields['headers'])) {
    fields['headers'] = mergedHeaders(headers, fields['headers']);
  }
  const sendgrid: unknown = Reflect.get(given, 'sendgrid');
  if (isRecord(sendgrid) && isRecord(fields['sendgrid'])) {
    const tenants = present(fields['sendgrid']);
    fields['sendgrid'] = withoutNull({ ...sendgrid, ...tenants });
  }
  return withoutNull(fields);
}

/** Names are compared without regard to case. */
function mergedHeaders(given: object, own: object): object {
  const names = new Set(Object.keys(present(own)).map(plain));
  const inherited = Object.entries(given).filter(
    ([name]) => !names.has(plain(name)),
  );
  return withoutNull({ ...Object.fromEntries(inherited), ...present(own) });
}

function plain(name: string): string {
  return name.trim().toLowerCase();
}

function present(fields: object): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(fields).filter(([, value]) => value !== undefined),
  );
}

function withoutNull(fields: object): object {
  return Object.fromEntries(
    Object.entries(fields).filter(([, value]) => value !== null),
  );
}

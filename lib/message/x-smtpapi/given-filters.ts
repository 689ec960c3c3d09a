import { nearestName } from '../../options/nearest-name.js';
import { checkName, refuseForeign } from './check-name.js';
import { entriesOf, pathTo, refused } from './field-checks.js';
import { KNOWN_FILTERS } from './known-filters.js';
import type { XSmtpApiFilters } from './x-smtp-api.js';

type Settings = Record<string, string | number | boolean>;

/**
 * Filters under SendGrid's own names: checked against what it documents of
 * those that it documents.
 */
export function givenFilters(value: unknown, path: string): XSmtpApiFilters {
  return Object.fromEntries(
    entriesOf(value, path).map(([name, entry]) => {
      checkFilterName(name, path);
      return [name, filterOf(name, entry, pathTo(path, name))];
    }),
  );
}

function checkFilterName(name: string, path: string): void {
  if (KNOWN_FILTERS.has(name)) return;
  refuseForeign(name, path);
  const nearest = nearestName(name, [...KNOWN_FILTERS.keys()]);
  if (nearest !== undefined) {
    throw refused(
      pathTo(path, name),
      `is not a filter: did you mean \`${nearest}\`?`,
    );
  }
  if (/^[a-z][a-z\d_]*$/.test(name)) return;
  throw refused(
    pathTo(path, name),
    'is not a filter: their names are lower case.',
  );
}

function filterOf(
  name: string,
  value: unknown,
  path: string,
): { settings: Settings } {
  const { settings, ...others } = Object.fromEntries(entriesOf(value, path));
  for (const other of Object.keys(others)) checkName(other, ['settings'], path);
  const found = settingsOf(settings, `${path}.settings`);
  checkKnown(name, found, path);
  return { settings: found };
}

function settingsOf(value: unknown, path: string): Settings {
  const settings: Settings = {};
  for (const [name, entry] of entriesOf(value, path)) {
    if (!/^[a-z][a-z\d_/]*$/.test(name)) {
      throw refused(
        pathTo(path, name),
        'is not a setting: their names are lower case.',
      );
    }
    settings[name] = settingOf(name, entry, `${path}.${name}`);
  }
  return settings;
}

function settingOf(
  name: string,
  value: unknown,
  path: string,
): string | number | boolean {
  if (name === 'enable') {
    if (value === 0 || value === 1) return value;
    throw refused(path, 'must be 0 or 1.');
  }
  if (typeof value === 'string' || typeof value === 'boolean') return value;
  if (typeof value === 'number' && Number.isFinite(value)) return value;
  throw refused(path, 'must be a string, a number or a boolean.');
}

function checkKnown(filter: string, settings: Settings, path: string): void {
  const known = KNOWN_FILTERS.get(filter);
  if (known === undefined) return;
  const names = [...known.needed, ...(known.optional ?? [])];
  for (const name of Object.keys(settings)) {
    checkName(name, names, `${path}.settings`);
  }
  if (settings['enable'] === 0) return;
  const missing = known.needed.filter((name) => !(name in settings));
  if (missing.length === 0) return;
  throw refused(
    path,
    `lacks ${missing.map((name) => `\`${name}\``).join(', ')}: SendGrid ` +
      'takes no part of a filter that is on from the account.',
  );
}

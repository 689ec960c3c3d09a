import { checkName } from './check-name.js';
import { booleanOf, entriesOf, refused, textOf } from './field-checks.js';
import { KNOWN_FILTERS } from './known-filters.js';
import type { XSmtpApiFilters } from './x-smtp-api.js';

type Settings = Readonly<Record<string, string | number | boolean>>;

/** A filter that has a field of its own. */
interface TypedFilter {
  /** Its name in the SMTP API. */
  readonly filter: string;

  /** Our names of its settings, but for `enable`, with SendGrid's. */
  readonly names: Readonly<Record<string, string>>;

  readonly defaults?: Settings;
}

type TypedFilters = Readonly<Record<string, TypedFilter>>;

const TEXTS = { text: 'text/plain', html: 'text/html' };

const TRACKING: TypedFilters = {
  clickTracking: {
    filter: 'clicktrack',
    names: { enableText: 'enable_text' },
    defaults: { enable_text: false },
  },
  openTracking: { filter: 'opentrack', names: { substitutionTag: 'replace' } },
  subscriptionTracking: {
    filter: 'subscriptiontrack',
    names: { ...TEXTS, substitutionTag: 'replace' },
  },
  ganalytics: {
    filter: 'ganalytics',
    names: {
      utmSource: 'utm_source',
      utmMedium: 'utm_medium',
      utmTerm: 'utm_term',
      utmContent: 'utm_content',
      utmCampaign: 'utm_campaign',
    },
  },
};

const MAIL: TypedFilters = {
  footer: { filter: 'footer', names: TEXTS },
  bypassListManagement: { filter: 'bypass_list_management', names: {} },
};

/** The filters of `trackingSettings`. */
export function trackingFilters(value: unknown, path: string): XSmtpApiFilters {
  return filtersOf(value, path, TRACKING);
}

/** The filters of `mailSettings`. */
export function mailFilters(value: unknown, path: string): XSmtpApiFilters {
  return filtersOf(value, path, MAIL);
}

function filtersOf(
  value: unknown,
  path: string,
  known: TypedFilters,
): XSmtpApiFilters {
  const filters: Record<string, { settings: Settings }> = {};
  for (const [name, entry] of entriesOf(value, path)) {
    checkName(name, Object.keys(known), path);
    const typed = known[name];
    if (typed === undefined) continue;
    const settings = settingsOf(entry, `${path}.${name}`, typed);
    filters[typed.filter] = { settings };
  }
  return filters;
}

function settingsOf(
  value: unknown,
  path: string,
  typed: TypedFilter,
): Settings {
  const { enable, ...others } = Object.fromEntries(entriesOf(value, path));
  const isOn = booleanOf(enable, `${path}.enable`);
  const given = Object.entries(others).map(([name, entry]) =>
    settingOf(name, entry, path, typed),
  );
  const settings: Settings = {
    enable: isOn ? 1 : 0,
    ...typed.defaults,
    ...Object.fromEntries(given),
  };
  return isOn ? completed(settings, path, typed) : settings;
}

function settingOf(
  name: string,
  value: unknown,
  path: string,
  { names }: TypedFilter,
): readonly [string, string | boolean] {
  checkName(name, ['enable', ...Object.keys(names)], path);
  const setting = names[name] ?? name;
  return [
    setting,
    setting === 'enable_text'
      ? booleanOf(value, `${path}.${name}`)
      : textOf(value, `${path}.${name}`),
  ];
}

/** With all that SendGrid needs of a filter that is on: it takes nothing of the account's. */
function completed(
  settings: Settings,
  path: string,
  { filter, names }: TypedFilter,
): Settings {
  if (filter === 'subscriptiontrack' && settings['replace']) {
    return { 'text/html': '', 'text/plain': '', ...settings };
  }
  const missing = Object.entries(names)
    .filter(
      ([, setting]) => isNeeded(filter, setting) && !(setting in settings),
    )
    .map(([name]) => `\`${name}\``);
  if (missing.length > 0) {
    throw refused(
      path,
      'is on, and SendGrid takes no part of it from the account then: add ' +
        `${missing.join(', ')} ('' for none).`,
    );
  }
  if (filter === 'subscriptiontrack') checkLinks(settings, path);
  return settings;
}

function isNeeded(filter: string, setting: string): boolean {
  return KNOWN_FILTERS.get(filter)?.needed.includes(setting) ?? false;
}

function checkLinks(settings: Settings, path: string): void {
  for (const [name, setting] of Object.entries(TEXTS)) {
    const text = String(settings[setting]);
    const opened = text.indexOf('<%');
    if (text === '' || (opened >= 0 && text.includes('%>', opened))) continue;
    throw refused(
      `${path}.${name}`,
      'must say where the link goes, as in `Leave this list: <% %>`.',
    );
  }
}

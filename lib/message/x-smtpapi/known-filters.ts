/** The settings of a filter. */
interface KnownFilter {
  /** Those that SendGrid needs all of when the filter is on. */
  readonly needed: readonly string[];

  readonly optional?: readonly string[];
}

const ENABLE = ['enable'];
const TEXTS = [...ENABLE, 'text/html', 'text/plain'];
const UTM = ['source', 'medium', 'term', 'content', 'campaign'];

/** The filters that SendGrid documents and has not removed. */
export const KNOWN_FILTERS: ReadonlyMap<string, KnownFilter> = new Map<
  string,
  KnownFilter
>([
  ['clicktrack', { needed: [...ENABLE, 'enable_text'] }],
  ['opentrack', { needed: ENABLE, optional: ['replace'] }],
  ['subscriptiontrack', { needed: TEXTS, optional: ['replace'] }],
  ['ganalytics', { needed: [...ENABLE, ...UTM.map((name) => `utm_${name}`)] }],
  ['footer', { needed: TEXTS }],
  ['bypass_list_management', { needed: ENABLE }],
  ['dkim', { needed: ['domain', 'use_from'] }],
  ['templates', { needed: [...ENABLE, 'template_id'] }],
  ['template', { needed: [...ENABLE, 'text/html'] }],
]);

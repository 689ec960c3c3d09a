import { entriesOf, pathTo, refused } from './field-checks.js';

/** What SendGrid puts into events itself, where its own value would win. */
export const RESERVED: ReadonlySet<string> = new Set(
  (
    'email timestamp event smtp-id useragent ip sg_event_id sg_message_id ' +
    'reason status response tls url url_offset category asm_group_id ' +
    'unique_args marketing_campaign_id marketing_campaign_name attempt pool ' +
    'type send_at cert_err post_type newsletter sg_user_id sg_content_type ' +
    'sg_machine_open bounce_classification nlvx_campaign_id ' +
    'nlvx_campaign_split_id nlvx_user_id message-id'
  ).split(' '),
);

/** Unique arguments: strings, under names that events do not have already. */
export function customArgsOf(
  value: unknown,
  path: string,
): Readonly<Record<string, string>> {
  return Object.fromEntries(
    entriesOf(value, path).map(([name, entry]) => {
      refuseReserved(name, pathTo(path, name));
      return [name, argOf(entry, pathTo(path, name))];
    }),
  );
}

function refuseReserved(name: string, path: string): void {
  if (name === '') throw refused(path, 'has no name.');
  if (!RESERVED.has(name) && name.toLowerCase() !== 'message-id') return;
  throw refused(
    path,
    "is a name of SendGrid's own event fields, whose value would be lost. " +
      'Give it a name of your own, for example with a prefix.',
  );
}

function argOf(value: unknown, path: string): string {
  const isScalar =
    typeof value === 'string' ||
    typeof value === 'boolean' ||
    Number.isFinite(value);
  if (isScalar) return String(value);
  throw refused(path, 'must be a string, a number or a boolean.');
}

import { checkName } from './check-name.js';
import { entriesOf, idOf, listOf, refused } from './field-checks.js';
import type { XSmtpApi } from './x-smtp-api.js';

const NAMES = ['groupId', 'groupsToDisplay'];
const MAX_GROUPS = 25;

/** Unsubscribe groups, under their names in the SMTP API. */
export function asmOf(value: unknown, path: string): XSmtpApi {
  const entries = entriesOf(value, path);
  for (const [name] of entries) checkName(name, NAMES, path);
  const { groupId, groupsToDisplay } = Object.fromEntries(entries);
  const group = { asm_group_id: idOf(groupId, `${path}.groupId`) };
  if (groupsToDisplay === undefined) return group;
  return {
    ...group,
    asm_groups_to_display: groupsOf(groupsToDisplay, `${path}.groupsToDisplay`),
  };
}

function groupsOf(value: unknown, path: string): readonly number[] {
  const groups = listOf(value, path);
  if (groups.length > MAX_GROUPS) {
    throw refused(
      path,
      `holds ${groups.length} groups; SendGrid takes ${MAX_GROUPS}.`,
    );
  }
  return groups.map((group, i) => idOf(group, `${path}[${i}]`));
}

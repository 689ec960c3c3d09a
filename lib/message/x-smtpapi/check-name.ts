import { nearestName } from '../../options/nearest-name.js';
import { pathTo, refused } from './field-checks.js';

const DYNAMIC =
  'is for dynamic templates, which SendGrid takes over its v3 API only; use `substitutions`.';
const V3_BYPASS =
  "exists in SendGrid's v3 API only; `bypassListManagement` bypasses all lists.";
const REMOVED = 'was removed by SendGrid in 2020.';

/** Names people bring from elsewhere, and why they are refused. */
const FOREIGN = new Map([
  ['to', "is no field here: name recipients in the message's `to`."],
  ['cc', "is no field here: name recipients in the message's `cc`."],
  ['sub', 'is called `substitutions` here.'],
  ['category', 'is called `categories` here.'],
  ['uniqueargs', 'is called `customArgs` here.'],
  ['ippool', 'is called `ipPoolName` here.'],
  ['asmgroupid', 'is called `asm.groupId` here.'],
  ['asmgroupstodisplay', 'is called `asm.groupsToDisplay` here.'],
  ['section', REMOVED],
  ['sections', REMOVED],
  ['dynamictemplatedata', DYNAMIC],
  [
    'personalizations',
    "exists in SendGrid's v3 API only: give `substitutions` a list with a value for each of `to`.",
  ],
  [
    'sandboxmode',
    "exists in SendGrid's v3 API only: use the option `mode: 'capture'`.",
  ],
  ['bypassspammanagement', V3_BYPASS],
  ['bypassbouncemanagement', V3_BYPASS],
  ['bypassunsubscribemanagement', V3_BYPASS],
  ['bcc', `${REMOVED} Name blind copies in the message's \`bcc\`.`],
  ['spamcheck', REMOVED],
  ['gravatar', REMOVED],
  ['domainkeys', `${REMOVED} Use the filter \`dkim\`.`],
  ['forwardspam', 'is a setting of the account: set it in SendGrid.'],
  ['twitter', REMOVED],
  ['drop', REMOVED],
  ['sendwithus', REMOVED],
  ['plaincontent', REMOVED],
]);

/**
 * Refuses a name that is none of `known`, with the right one where there is one.
 *
 * @throws MailError `INVALID_MESSAGE`
 */
export function checkName(
  name: string,
  known: readonly string[],
  path: string,
): void {
  if (known.includes(name)) return;
  refuseForeign(name, path);
  const nearest = nearestName(name, known);
  throw refused(
    pathTo(path, name),
    nearest === undefined
      ? `is not a field; the fields here are ${known.join(', ')}.`
      : `is not a field: did you mean \`${path}.${nearest}\`?`,
  );
}

/**
 * Refuses a name that SendGrid has elsewhere, or had once.
 *
 * @throws MailError `INVALID_MESSAGE`
 */
export function refuseForeign(name: string, path: string): void {
  const letters = name.toLowerCase().replaceAll(/[-_ ]/g, '');
  const advice = FOREIGN.get(letters);
  if (advice !== undefined) throw refused(pathTo(path, name), advice);
}

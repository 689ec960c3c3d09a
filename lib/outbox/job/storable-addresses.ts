import {
  type Copy,
  copyValue,
  eachOf,
  hasFields,
  refuseDepth,
} from './copy-value.js';

/**
 * Copies addresses in every form. Of an object, only what makes an address is
 * read, as `MailService.send` does: a user's record is not stored whole.
 */
export const copyAddresses: Copy = eachOf((value, at, depth) =>
  hasFields(value)
    ? copyMailbox(value, at, depth)
    : copyValue(value, at, depth),
);

const MAILBOX_FIELDS = [
  ['name', copyValue],
  ['address', copyValue],
  ['email', copyValue],
  ['group', copyAddresses],
] as const satisfies readonly (readonly [string, Copy])[];

function copyMailbox(value: object, at: string, depth: number): unknown {
  refuseDepth(at, depth);
  const copy: Record<string, unknown> = {};
  for (const [name, copyField] of MAILBOX_FIELDS) {
    const field: unknown = Reflect.get(value, name);
    if (field !== undefined)
      copy[name] = copyField(field, `${at}.${name}`, depth + 1);
  }
  return copy;
}

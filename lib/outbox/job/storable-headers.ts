import type { MailHeader, PreparedHeader } from '../../message/mail-message.js';
import {
  byKey,
  byName,
  type Copy,
  copyValue,
  eachOf,
  hasFields,
} from './copy-value.js';
import { copyAddresses } from './storable-addresses.js';

const copyPrepared = byName({
  value: copyValue,
  prepared: copyValue,
  foldLines: copyValue,
} satisfies Record<keyof PreparedHeader, Copy>);

/** Copies the value of a header: text, a date, addresses, a prepared value. */
export const copyHeaderValue: Copy = eachOf((value, at, depth) =>
  hasFields(value) && !('value' in value)
    ? copyAddresses(value, at, depth)
    : copyPrepared(value, at, depth),
);

const copyHeaderList = eachOf(
  byName({
    key: copyValue,
    value: copyHeaderValue,
  } satisfies Record<keyof MailHeader, Copy>),
);

const copyHeadersByName = byKey(copyHeaderValue);

/** Copies headers by name, one header, or a list of headers. */
export const copyHeaders: Copy = (value, at, depth) =>
  Array.isArray(value)
    ? copyHeaderList(value, at, depth)
    : copyHeadersByName(value, at, depth);

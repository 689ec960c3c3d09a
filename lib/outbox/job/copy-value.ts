import { isDate, isUint8Array } from 'node:util/types';

import { isRecord } from '../../options/is-record.js';
import {
  fieldOf,
  functionRefused,
  notStorable,
  streamRefused,
  unknownField,
} from './not-storable.js';

/**
 * Copies what is stored of a value; `at` is its place in the message.
 *
 * @throws MailError `INVALID_MESSAGE` naming the place, for what cannot be
 * stored
 */
export type Copy = (value: unknown, at: string, depth: number) => unknown;

const DEEPEST = 32;

/**
 * Copies data: text, finite numbers, booleans, null, dates, bytes, and lists
 * and objects of these. Dates and bytes are not copied themselves.
 */
export const copyValue: Copy = (value, at, depth) => {
  switch (typeof value) {
    case 'string':
    case 'boolean':
    case 'undefined':
      return value;
    case 'number':
      if (Number.isFinite(value)) return value;
      throw notStorable(at, `it is ${value}, give a finite number`);
    case 'object':
      return value === null ? null : copyObject(value, at, depth);
    case 'function':
      throw functionRefused(at);
    default:
      throw notStorable(at, `it is a ${typeof value}, give a string`);
  }
};

/** Copies a list, nested ones included, item by item, and else one item. */
export function eachOf(copy: Copy): Copy {
  const copyItems: Copy = (value, at, depth) => {
    if (!Array.isArray(value)) return copy(value, at, depth);
    refuseDepth(at, depth);
    return value.map((item: unknown, i) =>
      copyItems(item, `${at}[${i}]`, depth + 1),
    );
  };
  return copyItems;
}

/** Copies an object whose names are free. */
export function byKey(copy: Copy): Copy {
  return copyFieldsWith(() => copy);
}

/** Copies an object that has these fields only. */
export function byName(fields: Readonly<Record<string, Copy>>): Copy {
  return copyFieldsWith((name, at) => {
    const copy = Object.hasOwn(fields, name) ? fields[name] : undefined;
    if (copy === undefined) throw unknownField(at);
    return copy;
  });
}

/** Tells whether a value has fields to be copied one by one. */
export function hasFields(value: unknown): value is object {
  return isRecord(value) && !isStream(value);
}

/** Refuses what is nested too deep, as a value that holds itself is. */
export function refuseDepth(at: string, depth: number): void {
  if (depth <= DEEPEST) return;
  throw notStorable(at, `it is nested more than ${DEEPEST} deep`);
}

function copyFieldsWith(copyOf: (name: string, at: string) => Copy): Copy {
  return (value, at, depth) => {
    if (!hasFields(value)) return copyValue(value, at, depth);
    refuseDepth(at, depth);
    const copy: Record<string, unknown> = {};
    for (const [name, field] of Object.entries(value)) {
      if (field === undefined) continue;
      const place = fieldOf(at, name);
      if (name === '__proto__') throw unknownField(place);
      copy[name] = copyOf(name, place)(field, place, depth + 1);
    }
    return copy;
  };
}

const copyList = eachOf(copyValue);
const copyRecord = byKey(copyValue);

function copyObject(value: object, at: string, depth: number): unknown {
  if (Array.isArray(value)) return copyList(value, at, depth);
  if (isUint8Array(value)) return value;
  if (isDate(value)) return copyDate(value, at);
  if (isStream(value)) throw streamRefused(at);
  if (isRecord(value)) return copyRecord(value, at, depth);
  const kind = Object.prototype.toString.call(value).slice(8, -1);
  throw notStorable(at, `it is a ${kind}, give plain data`);
}

function copyDate(value: Date, at: string): Date {
  if (!Number.isNaN(value.getTime())) return value;
  throw notStorable(at, 'it is an invalid date');
}

function isStream(value: unknown): boolean {
  return typeof Reflect.get(Object(value), 'pipe') === 'function';
}

import { isDate, isUint8Array } from 'node:util/types';

import { invalidMessage } from '../../message/invalid-message.js';
import { fieldOf } from './not-storable.js';

/** What JSON can say. */
export type Json =
  | string
  | number
  | boolean
  | null
  | readonly Json[]
  | { readonly [name: string]: Json };

// JSON's text is parsed without recursion, what comes of it is walked with it.
const DEEPEST = 64;

/**
 * Writes a copied value as JSON. What JSON has no word for becomes an object
 * with one name that begins with `$`; other names that do so get a second `$`.
 */
export function toJson(value: unknown): Json {
  if (typeof value === 'string' || typeof value === 'number') return value;
  if (typeof value === 'boolean' || value === null) return value;
  // Objects leave undefined out, so this one is in a list and keeps its place.
  if (value === undefined) return { $undefined: true };
  if (Array.isArray(value)) return Array.from(value, toJson);
  if (Buffer.isBuffer(value)) return { $buffer: value.toString('base64') };
  if (isUint8Array(value)) return { $bytes: base64Of(value) };
  if (isDate(value)) return { $date: value.getTime() };
  return fieldsToJson(Object(value));
}

/**
 * Reads what `toJson` wrote; `at` is the place of the value in the message.
 *
 * @throws MailError `INVALID_MESSAGE` for what it cannot have written
 */
export function fromJson(json: unknown, at = '', depth = 0): unknown {
  if (typeof json !== 'object' || json === null) return json;
  if (depth > DEEPEST) throw unreadable(at, 'is nested too deep');
  if (Array.isArray(json)) {
    return json.map((item: unknown, i) =>
      fromJson(item, `${at}[${i}]`, depth + 1),
    );
  }
  const names = Object.keys(json);
  const [name] = names;
  return names.length === 1 && name !== undefined && /^\$(?!\$)/.test(name)
    ? untagged(name, Reflect.get(json, name), at)
    : fieldsFromJson(json, at, depth);
}

function fieldsToJson(value: object): Json {
  const json: Record<string, Json> = {};
  for (const [name, field] of Object.entries(value)) {
    json[name.startsWith('$') ? `$${name}` : name] = toJson(field);
  }
  return json;
}

function fieldsFromJson(json: object, at: string, depth: number): unknown {
  const value: Record<string, unknown> = {};
  for (const [name, field] of Object.entries(json)) {
    const place = fieldOf(at, name);
    if (name === '__proto__' || /^\$(?!\$)/.test(name)) {
      throw unreadable(place, 'has a reserved name');
    }
    value[name.replace(/^\$/, '')] = fromJson(field, place, depth + 1);
  }
  return value;
}

function untagged(tag: string, value: unknown, at: string): unknown {
  if (tag === '$undefined') return undefined;
  if (tag === '$date' && typeof value === 'number') return new Date(value);
  if (tag === '$buffer' && typeof value === 'string') {
    return Buffer.from(value, 'base64');
  }
  if (tag === '$bytes' && typeof value === 'string') {
    return new Uint8Array(Buffer.from(value, 'base64'));
  }
  throw unreadable(at, 'is marked as a kind of data that is not known');
}

function base64Of({ buffer, byteOffset, byteLength }: Uint8Array): string {
  return Buffer.from(buffer, byteOffset, byteLength).toString('base64');
}

function unreadable(at: string, what: string): Error {
  return invalidMessage(`\`${at}\` ${what}.`);
}

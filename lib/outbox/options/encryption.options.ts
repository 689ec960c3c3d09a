import { createSecretKey, type KeyObject } from 'node:crypto';
import { isUint8Array } from 'node:util/types';

import { isRecord } from '../../options/is-record.js';
import { Joint, JointGroup } from '../../options/joint-group.js';
import { Rule } from '../../options/rule.js';

const KEY_BYTES = 32;

// Too short for a key, so that what is printed as an id is none.
const KEY_ID = /^[A-Za-z\d._-]{1,32}$/;

const TOGETHER = '`current` and `keys` go together';

/**
 * Encrypts what is stored of messages, with AES-256-GCM. Version,
 * environment, lane and the id of the key stay readable.
 *
 * To rotate: give the new key to every process, next to the old one; then name
 * it in `current`; remove the old one when no job is left from before.
 */
export interface MailOutboxEncryptionOptions {
  /** Which of the keys encrypts. */
  readonly current: string;

  /**
   * Keys by their ids: 32 random bytes each, in base64 or as a Buffer, as
   * `openssl rand -base64 32` makes them. Every one decrypts. Ids are stored:
   * 1 to 32 of letters, digits, dots, hyphens and underscores.
   */
  readonly keys: Readonly<Record<string, string | Uint8Array>>;
}

/** Keys as they are used. Printing them shows none. */
export interface ResolvedEncryption {
  readonly current: string;
  readonly currentKey: KeyObject;
  readonly keys: ReadonlyMap<string, KeyObject>;
}

/** Validates {@link MailOutboxEncryptionOptions}. */
export class EncryptionOptions extends JointGroup {
  @Rule(currentProblem)
  @Joint(TOGETHER)
  readonly current: string | undefined = undefined;

  @Rule(keysProblem)
  @Joint(TOGETHER)
  readonly keys: MailOutboxEncryptionOptions['keys'] | undefined = undefined;

  toEncryption(): ResolvedEncryption | undefined {
    const { current, keys: given } = this;
    if (current === undefined || given === undefined) return undefined;
    const keys = new Map(
      Object.entries(given).map(([id, key]) => [
        id,
        createSecretKey(bytesOf(key)),
      ]),
    );
    const currentKey = keys.get(current);
    return currentKey && Object.freeze({ current, currentKey, keys });
  }
}

// Neither problem prints what was given: it may be a key in the wrong place.
function currentProblem(value: unknown, group: object): string | undefined {
  const keys: unknown = Reflect.get(group, 'keys');
  if (!isRecord(keys)) return undefined;
  return typeof value === 'string' && Object.hasOwn(keys, value)
    ? undefined
    : 'must be the id of one of `keys`';
}

function keysProblem(value: unknown): string | undefined {
  if (!isRecord(value)) return 'must be an object of keys by their ids, {got}';
  const keys = Object.entries(value);
  if (keys.length === 0) return 'must hold at least one key';
  const problems = keys
    .map(([id, key]) => keyProblem(id, key))
    .filter((problem) => problem !== undefined);
  return problems.length > 0 ? problems.join('; ') : undefined;
}

function keyProblem(id: string, key: unknown): string | undefined {
  if (!KEY_ID.test(id)) {
    return 'holds an id that is not 1 to 32 of letters, digits, dots, hyphens and underscores';
  }
  if (!isUint8Array(key) && !(typeof key === 'string' && isBase64(key))) {
    return `\`${id}\` must be base64 or a Buffer`;
  }
  const { length } = bytesOf(key);
  return length === KEY_BYTES
    ? undefined
    : `\`${id}\` must be ${KEY_BYTES} bytes, but has ${length}: \`openssl rand -base64 32\` makes one`;
}

function isBase64(text: string): boolean {
  return /^[\w+/-]+={0,2}$/.test(text);
}

function bytesOf(key: string | Uint8Array): Buffer {
  return typeof key === 'string'
    ? Buffer.from(key, 'base64')
    : Buffer.from(key);
}

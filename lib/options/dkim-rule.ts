import { createPrivateKey } from 'node:crypto';

import { isRecord } from './is-record.js';

/** Says what is wrong with nodemailer's DKIM options, or nothing. */
export function dkimProblem(dkim: unknown): string | undefined {
  if (!isRecord(dkim)) return 'must be an object of DKIM options';
  const keys: unknown = Reflect.get(dkim, 'keys');
  const list: unknown[] = Array.isArray(keys) ? keys : [keys ?? dkim];
  return list.length > 0 && list.every(isSigningKey)
    ? undefined
    : 'must hold `domainName`, `keySelector` and a `privateKey` in PEM, or `keys` with these three in each';
}

function isSigningKey(key: unknown): boolean {
  if (!isRecord(key)) return false;
  const privateKey: unknown = Reflect.get(key, 'privateKey');
  return (
    isFilled(Reflect.get(key, 'domainName')) &&
    isFilled(Reflect.get(key, 'keySelector')) &&
    isPrivateKey(privateKey)
  );
}

/** A PEM that parses; Node.js's other forms of a key are left to nodemailer. */
function isPrivateKey(value: unknown): boolean {
  const pem = typeof value === 'string' || Buffer.isBuffer(value);
  if (!pem) return isRecord(value);
  try {
    createPrivateKey(value);
    return true;
  } catch {
    // Its message may quote the key.
    return false;
  }
}

function isFilled(value: unknown): boolean {
  return typeof value === 'string' && value.trim() !== '';
}

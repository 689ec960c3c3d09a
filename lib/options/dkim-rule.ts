import { isRecord } from './is-record.js';

/** Says what is wrong with nodemailer's DKIM options, or nothing. */
export function dkimProblem(dkim: unknown): string | undefined {
  if (!isRecord(dkim)) return 'must be an object of DKIM options';
  const keys: unknown = Reflect.get(dkim, 'keys');
  const list: unknown[] = Array.isArray(keys) ? keys : [keys ?? dkim];
  return list.length > 0 && list.every(isSigningKey)
    ? undefined
    : 'must hold `domainName`, `keySelector` and `privateKey`, or `keys` with these three in each';
}

function isSigningKey(key: unknown): boolean {
  if (!isRecord(key)) return false;
  const privateKey: unknown = Reflect.get(key, 'privateKey');
  return (
    isFilled(Reflect.get(key, 'domainName')) &&
    isFilled(Reflect.get(key, 'keySelector')) &&
    (isFilled(privateKey) ||
      (typeof privateKey === 'object' && privateKey !== null))
  );
}

function isFilled(value: unknown): boolean {
  return typeof value === 'string' && value.trim() !== '';
}

import { apiKeyProblem, apiKeyWarning } from '../options/api-key.js';
import { keyFingerprint } from '../options/key-fingerprint.js';
import type { Check } from './report.js';
import type { DoctorSettings } from './settings.js';

/** Whether there is a key and it has the shape of one; shows none of it. */
export function checkKey({ key, keyName, auth }: DoctorSettings): Check {
  const name = 'API key';
  if (!auth)
    return { name, status: 'skipped', found: 'not looked at (--no-auth)' };
  if (key === undefined || key.reveal().trim() === '') {
    return {
      name,
      status: 'failed',
      found: `${keyName} is unset or empty`,
      advice: `Set ${keyName} to a SendGrid API key with the permission "Mail Send" (or name another variable with --key-env, a file with --env-file).`,
    };
  }
  const fingerprint = keyFingerprint(key);
  const problem = apiKeyProblem(key.reveal());
  if (problem !== undefined) {
    const advice = `Correct ${keyName}: the key ${problem}.`;
    const found = `${keyName} holds what cannot be a key`;
    return { name, status: 'failed', found, advice, facts: { fingerprint } };
  }
  const odd = apiKeyWarning(key.reveal());
  return {
    name,
    status: odd === undefined ? 'ok' : 'warning',
    found:
      odd === undefined
        ? `${keyName} has the shape of a key (fingerprint ${fingerprint})`
        : `${keyName} has an unusual shape (fingerprint ${fingerprint})`,
    advice: odd?.replaceAll('`apiKey`', keyName),
    facts: { fingerprint },
  };
}

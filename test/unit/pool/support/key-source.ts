import type { KeyFunction } from '../../../../lib/options/ask-for-key.js';
import { KeySource } from '../../../../lib/options/key-source.js';
import { Secret } from '../../../../lib/options/secret.js';

/** A source that tells nobody what becomes of its key. */
export function keySource(given?: string | KeyFunction): KeySource {
  const held = given === undefined ? undefined : new Secret(given);
  return new KeySource(held, 10_000, {
    changed: () => undefined,
    failed: () => undefined,
  });
}

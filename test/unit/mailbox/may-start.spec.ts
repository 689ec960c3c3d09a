import { expect, it } from 'vitest';
import { mayStart } from '../../../lib/mailbox/options/may-start.js';

it.each([
  ['development', undefined, 'on'],
  ['test', undefined, 'on'],
  ['development', true, 'on'],
  ['development', false, 'off'],
  ['production', undefined, 'off'],
  ['Development', undefined, 'off'],
  ['dev', undefined, 'off'],
  ['', undefined, 'off'],
  ['production', false, 'off'],
  ['production', true, 'on, with a guard'],
  ['', true, 'on, with a guard'],
])('starts a mailbox in %j, enabled: %j: %s', (environment, enabled, what) => {
  const start = mayStart(enabled, environment);
  const needs = start.kind === 'on' && start.needsGuard ? ', with a guard' : '';

  expect(start.kind + needs).toBe(what);
});

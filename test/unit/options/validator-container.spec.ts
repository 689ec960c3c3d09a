import { useContainer } from 'class-validator';
import { expect, it } from 'vitest';

import { problemWith, resolveWith } from './support/problems.js';

it('validates while an application owns class-validator’s container', () => {
  const closed = {
    get: (): never => {
      throw new Error('the application is closed');
    },
  };
  useContainer(closed, { fallbackOnErrors: true });

  expect(resolveWith().pool.maxConnections).toBe(10);
  expect(problemWith({ pool: { maxConnections: 0 } }).option).toBe(
    'pool.maxConnections',
  );
});

import { describe, expect, it } from 'vitest';

import { blocksOf } from '../support/docs-blocks.js';
import { startRelayed } from './support/capturing.js';

/** Names and kinds of what is in a value, whatever it is. */
function shapeOf(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(shapeOf);
  if (typeof value !== 'object' || value === null) return typeof value;
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [name, shapeOf(inner)]),
  );
}

describe('docs/samples.md', () => {
  it('shows an answer as it is', async () => {
    const blocks = blocksOf('docs/samples.md');
    const shown = blocks.find(({ language }) => language === 'json');
    const { mail } = await startRelayed();
    const text = 'Hi Ada';
    const message = { to: 'ada@example.com', subject: 'Hello', text };

    const answer: unknown = JSON.parse(
      JSON.stringify(await mail.send(message)),
    );

    expect(shapeOf(JSON.parse(shown?.code ?? ''))).toEqual(shapeOf(answer));
  });
});

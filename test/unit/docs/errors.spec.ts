import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { format, resolveConfig } from 'prettier';
import { describe, expect, it } from 'vitest';

import { KNOWN_REPLIES } from '../../../lib/delivery/known-replies.js';
import { OTHER_REPLIES } from '../../../lib/delivery/other-replies.js';
import { knownReplies, otherReplies } from '../../support/reply-docs.js';

const FILE = join(import.meta.dirname, '../../../docs/errors.md');

/** The page with `body` between the marks of that name. */
function withPart(page: string, name: string, body: string): string {
  const begin = `<!-- ${name}: written by npm run docs:errors -->`;
  const end = `<!-- end of ${name} -->`;
  const [before, rest, ...more] = page.split(begin);
  const [, after, ...others] = rest?.split(end) ?? [];
  if (after === undefined || more.length + others.length > 0) {
    throw new Error(`docs/errors.md must hold once: ${begin} and ${end}`);
  }
  return `${before}${begin}\n\n${body}\n\n${end}${after}`;
}

describe('docs/errors.md', () => {
  it('says of every reply what the table does', async () => {
    const page = [
      ['known replies', knownReplies(KNOWN_REPLIES)] as const,
      ['other replies', otherReplies(OTHER_REPLIES)] as const,
    ].reduce(
      (text, [name, body]) => withPart(text, name, body),
      readFileSync(FILE, 'utf8'),
    );

    const style = await resolveConfig(FILE);
    const wanted = await format(page, { ...style, filepath: FILE });

    await expect(wanted).toMatchFileSnapshot(FILE);
  });

  it('lists every code, in its table and by itself', () => {
    const page = readFileSync(FILE, 'utf8');
    const source = readFileSync(
      join(import.meta.dirname, '../../../lib/errors/mail-error.ts'),
      'utf8',
    );
    const [, union = ''] = /MailErrorCode =([^;]+);/.exec(source) ?? [];
    const codes = Array.from(union.matchAll(/'(\w+)'/g), ([, code]) => code);

    expect(codes).toHaveLength(16);
    for (const code of codes) {
      expect(page).toContain(`\n## \`${code}\`\n`);
      expect(page).toContain(`\n| \`${code}\` `);
    }
  });
});

import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { explainMissingPeer } from '../../lib/testing/fake-sendgrid/load-server.js';

function missing(code: string, message: string): Error {
  return Object.assign(new Error(message), { code });
}

describe('a missing package of FakeSendGrid', () => {
  it.each([
    [
      'ERR_MODULE_NOT_FOUND',
      "Cannot find package 'smtp-server' imported from /app/index.js",
      'smtp-server',
    ],
    [
      'MODULE_NOT_FOUND',
      "Cannot find module 'smtp-server/lib/smtp-stream.js'\nRequire stack:",
      'smtp-server',
    ],
    ['MODULE_NOT_FOUND', "Cannot find module 'selfsigned'", 'selfsigned'],
    ['MODULE_NOT_FOUND', "Cannot find module 'postal-mime'", 'postal-mime'],
  ])(
    'is named, with the command that installs it (%s, %s)',
    (code, text, name) => {
      const cause = missing(code, text);

      expect(explainMissingPeer(cause)).toMatchObject({
        name: 'FakeSendGridError',
        code: 'MISSING_PEER',
        message: `FakeSendGrid needs the package ${name}, which is not installed. Run: npm install --save-dev smtp-server postal-mime selfsigned`,
        cause,
      });
    },
  );

  it('is told apart from other errors', () => {
    const other = missing('MODULE_NOT_FOUND', "Cannot find module 'punycode'");
    const unrelated = new Error("Cannot find package 'smtp-server'");

    expect(explainMissingPeer(other)).toBe(other);
    expect(explainMissingPeer(unrelated)).toBe(unrelated);
  });

  it('does not keep the module from loading: nothing imports one statically', async () => {
    const seen = new Set<string>();
    const packages = await staticImports(
      new URL('../../lib/testing/fake-sendgrid.ts', import.meta.url),
      seen,
    );

    expect(seen.size).toBeGreaterThan(5);
    expect(packages.filter((name) => !name.startsWith('node:'))).toEqual([]);
  });
});

/** The packages that a module and what it imports load at once; types do not count. */
async function staticImports(file: URL, seen: Set<string>): Promise<string[]> {
  if (seen.has(file.href)) return [];
  seen.add(file.href);
  const source = await readFile(file, 'utf8');
  const imports = source.matchAll(
    /^(?:import|export) (?!type )[^;]*?from '([^']+)'/gm,
  );
  const found: string[] = [];
  for (const [, name = ''] of imports) {
    if (!name.startsWith('.')) found.push(name);
    else {
      const next = new URL(name.replace(/\.js$/, '.ts'), file);
      found.push(...(await staticImports(next, seen)));
    }
  }
  return found;
}

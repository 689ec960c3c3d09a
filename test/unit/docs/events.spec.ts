import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';

import { CHANNELS } from '../../../lib/events/channels.js';

const ROOT = join(import.meta.dirname, '../../..');
const page = readFileSync(join(ROOT, 'docs/events.md'), 'utf8');

/** What the page says about one type, from its heading to the next. */
function sectionOn(type: string): string {
  return (
    page.split(/^### /m).find((text) => text.startsWith(`\`${type}\``)) ?? ''
  );
}

/** The fields of every event by its type, as the source declares them. */
function declaredFields(): Map<string, string[]> {
  const folder = join(ROOT, 'lib/events');
  const fields = new Map<string, string[]>();
  for (const file of readdirSync(folder)) {
    const text = readFileSync(join(folder, file), 'utf8');
    const source = ts.createSourceFile(file, text, ts.ScriptTarget.ES2023);
    for (const declared of source.statements) {
      if (!ts.isInterfaceDeclaration(declared)) continue;
      const members = declared.members.filter(ts.isPropertySignature);
      const names = members.map((member) => member.name.getText(source));
      const [type] = members.flatMap(({ name, type: kind }) =>
        name.getText(source) === 'type' && kind && ts.isLiteralTypeNode(kind)
          ? [kind.literal.getText(source).replaceAll("'", '')]
          : [],
      );
      if (type !== undefined) fields.set(type, names);
    }
  }
  return fields;
}

describe('docs/events.md', () => {
  it('has the declarations of every type to go by', () => {
    expect([...declaredFields().keys()].toSorted()).toEqual(
      Object.keys(CHANNELS).toSorted(),
    );
  });

  it.each(Object.keys(CHANNELS))('describes `%s` and its fields', (type) => {
    const section = sectionOn(type);
    const fields = declaredFields().get(type) ?? [];

    expect(section).toContain(`\`nestjs-sendgrid-smtp:${type}\``);
    const missing = fields.filter(
      (field) => field !== 'type' && !section.includes(`| \`${field}\``),
    );
    expect(missing).toEqual([]);
    const rows = section.match(/^\| `\w+`/gm) ?? [];
    expect(rows).toHaveLength(fields.length - 1);
  });

  it.each(Object.entries(CHANNELS))(
    'names the channel of `%s`',
    (type, channel) => {
      expect(channel.name).toBe(`nestjs-sendgrid-smtp:${type}`);
    },
  );
});

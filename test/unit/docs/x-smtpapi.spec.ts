import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { SendGridFields } from '../../../lib/index.js';
import { RESERVED } from '../../../lib/message/x-smtpapi/custom-args.js';
import { KNOWN_FILTERS } from '../../../lib/message/x-smtpapi/known-filters.js';
import { refusalOfFields } from '../message/x-smtpapi/compiled.js';

const PAGE = readFileSync(
  join(import.meta.dirname, '../../../docs/x-smtpapi.md'),
  'utf8',
);

/** As TypeScript knows them: one more or less is an error here. */
const FIELDS: Readonly<Record<keyof SendGridFields, true>> = {
  categories: true,
  customArgs: true,
  sendAt: true,
  sendEachAt: true,
  batchId: true,
  asm: true,
  ipPoolName: true,
  trackingSettings: true,
  mailSettings: true,
  templateId: true,
  substitutions: true,
  filters: true,
};

describe('docs/x-smtpapi.md', () => {
  it('has a row for every field', () => {
    const rows = [...PAGE.matchAll(/^\| `(\w+)` +\|/gm)].map(
      ([, name]) => name,
    );

    expect(rows).toEqual(Object.keys(FIELDS));
  });

  it('lists the fields that errors list', async () => {
    const refusal = await refusalOfFields({ wibble: 1 });

    expect(refusal).toContain(Object.keys(FIELDS).join(', '));
  });

  it('lists every name that custom arguments may not have', () => {
    const [, section = ''] =
      /## Names that events have\n([^#]*)/.exec(PAGE) ?? [];
    const listed = [...section.matchAll(/`([\w-]+)`/g)].map(([, name]) =>
      name?.toLowerCase(),
    );

    expect(listed).toEqual(expect.arrayContaining([...RESERVED]));
  });

  it('names every filter that is known', () => {
    for (const name of KNOWN_FILTERS.keys()) {
      expect(PAGE).toMatch(new RegExp(`\`(?:filters\\.)?${name}\``));
    }
  });
});

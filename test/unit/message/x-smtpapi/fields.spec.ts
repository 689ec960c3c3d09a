import { describe, expect, it } from 'vitest';

import type { SendGridFields } from '../../../../lib/message/x-smtpapi/sendgrid-fields.js';
import { compiled, refusalOfFields } from './compiled.js';

const UUID = '13b8f94f-bcae-4ec6-b752-70d6cb59f932';

describe('The fields of `sendgrid`', () => {
  it('come to what SendGrid reads', () => {
    const fields: SendGridFields = {
      categories: ['receipts', 'Größe'],
      customArgs: { order: 7, paid: true, tenant: 'acme' },
      batchId: 'MWQxZmIyODYtNjE1Ni0xMWU1',
      asm: { groupId: 1234, groupsToDisplay: [1234, 5678] },
      ipPoolName: 'transactional',
      templateId: UUID,
    };

    expect(compiled(fields)).toEqual({
      category: ['receipts', 'Größe'],
      unique_args: { order: '7', paid: 'true', tenant: 'acme' },
      batch_id: 'MWQxZmIyODYtNjE1Ni0xMWU1',
      asm_group_id: 1234,
      asm_groups_to_display: [1234, 5678],
      ip_pool: 'transactional',
      filters: { templates: { settings: { enable: 1, template_id: UUID } } },
    });
  });

  it('keep one category a string, which events show as one', () => {
    expect(compiled({ categories: 'receipts' })).toEqual({
      category: 'receipts',
    });
  });

  it('come to nothing when they are absent or removed', () => {
    expect(compiled({ categories: undefined, asm: null })).toEqual({});
  });

  it.each<[string, object, object, string]>([
    [
      '10 categories',
      { categories: Array.from({ length: 10 }, () => 'a') },
      { categories: Array.from({ length: 11 }, () => 'a') },
      '`sendgrid.categories` holds 11 categories; SendGrid takes 10',
    ],
    [
      '255 characters of a category',
      { categories: 'x'.repeat(255) },
      { categories: 'x'.repeat(256) },
      '`sendgrid.categories` must have 1 to 255 characters, not 256',
    ],
    [
      'a character of a category',
      { categories: ['x'] },
      { categories: [''] },
      '`sendgrid.categories[0]` must have 1 to 255 characters, not 0',
    ],
    [
      '25 groups to display',
      { asm: { groupId: 1, groupsToDisplay: groups(25) } },
      { asm: { groupId: 1, groupsToDisplay: groups(26) } },
      '`sendgrid.asm.groupsToDisplay` holds 26 groups; SendGrid takes 25',
    ],
    [
      'group 1',
      { asm: { groupId: 1 } },
      { asm: { groupId: 0 } },
      '`sendgrid.asm.groupId` must be a positive integer',
    ],
    [
      '2 characters of a pool',
      { ipPoolName: 'ab' },
      { ipPoolName: 'a' },
      '`sendgrid.ipPoolName` must have 2 to 64 characters, not 1',
    ],
    [
      '64 characters of a pool',
      { ipPoolName: 'x'.repeat(64) },
      { ipPoolName: 'x'.repeat(65) },
      '`sendgrid.ipPoolName` must have 2 to 64 characters, not 65',
    ],
  ])('take %s, and no more or less', async (_limit, fits, over, text) => {
    expect(() => compiled(fits)).not.toThrow();
    expect(await refusalOfFields(over)).toContain(text);
  });

  it('refuse a dynamic template with what to do instead', async () => {
    const refusal = await refusalOfFields({
      templateId: `d-${'a'.repeat(32)}`,
    });

    expect(refusal).toContain('names a dynamic template');
    expect(refusal).toContain('use the v3 API');
  });

  it.each<[string, unknown, string]>([
    ['no object', 'receipts', '`sendgrid` must be an object'],
    ['a list', [], '`sendgrid` must be an object'],
    ['categories', { categories: 7 }, '`sendgrid.categories` must be a list'],
    [
      'a category',
      { categories: [7] },
      '`sendgrid.categories[0]` must be a string',
    ],
    [
      'an argument',
      { customArgs: { a: {} } },
      '`sendgrid.customArgs.a` must be a string, a number',
    ],
    [
      'NaN',
      { customArgs: { a: NaN } },
      '`sendgrid.customArgs.a` must be a string, a number',
    ],
    ['an unnamed argument', { customArgs: { '': 'a' } }, 'has no name'],
    [
      'a group without an id',
      { asm: {} },
      '`sendgrid.asm.groupId` must be a positive integer',
    ],
    [
      'an id as a string',
      { asm: { groupId: '7' } },
      '`sendgrid.asm.groupId` must be a positive integer',
    ],
    [
      'a group of fractions',
      { asm: { groupId: 1, groupsToDisplay: [1.5] } },
      '`sendgrid.asm.groupsToDisplay[0]` must be',
    ],
    ['an empty batch', { batchId: '' }, '`sendgrid.batchId` must be an id'],
    [
      'a template',
      { templateId: 'welcome' },
      '`sendgrid.templateId` must be the UUID',
    ],
  ])('refuse what is none: %s', async (_label, fields, text) => {
    expect(await refusalOfFields(fields)).toContain(text);
  });
});

describe('Custom arguments', () => {
  it.each(['email', 'sg_event_id', 'smtp-id', 'type', 'Message-ID', 'status'])(
    'refuse the name of a field of events: %s',
    async (name) => {
      expect(await refusalOfFields({ customArgs: { [name]: 'a' } })).toContain(
        `\`sendgrid.customArgs.${name}\` is a name of SendGrid's own`,
      );
      const own = `my_${name}`;
      expect(compiled({ customArgs: { [own]: 'a' } })).toEqual({
        unique_args: { [own]: 'a' },
      });
    },
  );
});

function groups(count: number): number[] {
  return Array.from({ length: count }, (_, n) => n + 1);
}

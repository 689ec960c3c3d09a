import { describe, expect, it } from 'vitest';

import type { MailMessage } from '../../../lib/message/mail-message.js';
import { compose, plain } from './compose.js';
import { refusalOf } from './refusal.js';

async function recipients(to: MailMessage['to']): Promise<string[]> {
  return (await compose(plain({ to }))).getEnvelope().to;
}

describe('address fields', () => {
  it.each<[string, MailMessage['to'], string[]]>([
    [
      'a string',
      'Ann <ann@x.example>, bob@x.example',
      ['ann@x.example', 'bob@x.example'],
    ],
    [
      'name and address',
      { name: 'Ann', address: 'ann@x.example' },
      ['ann@x.example'],
    ],
    [
      'name and email',
      { name: 'Ann', email: 'ann@x.example' },
      ['ann@x.example'],
    ],
    ['email alone', { email: 'ann@x.example' }, ['ann@x.example']],
    [
      'nested lists',
      [['a@x.example', [{ email: 'b@x.example' }]], 'c@x.example'],
      ['a@x.example', 'b@x.example', 'c@x.example'],
    ],
    [
      'a group, nested groups included',
      {
        name: 'Te"am',
        group: [
          'A <a@x.example>',
          { name: 'B, Jr.', email: 'b@x.example' },
          { name: 'H', group: ['c@x.example', '"x..y"@x.example'] },
        ],
      },
      ['a@x.example', 'b@x.example', 'c@x.example', '"x..y"@x.example'],
    ],
  ])('take %s', async (_form, to, expected) => {
    expect(await recipients(to)).toEqual(expected);
  });

  it('keep the name of a group in the header', async () => {
    const tree = await compose(
      plain({
        to: { name: 'Team', group: [{ name: 'A', email: 'a@x.example' }] },
      }),
    );

    expect(tree.buildHeaders()).toContain('To: Team:A <a@x.example>;');
  });

  it('take { name, email } in the envelope and in headers', async () => {
    const inHeader = await compose(
      plain({ to: null, headers: { cc: { name: 'A', email: 'a@x.example' } } }),
    );
    const inEnvelope = await compose(
      plain({
        envelope: {
          from: { email: 'bounce@x.example' },
          to: [{ email: 'b@x.example' }],
        },
      }),
    );

    expect(inHeader.getEnvelope().to).toEqual(['a@x.example']);
    expect(inEnvelope.getEnvelope()).toEqual({
      from: 'bounce@x.example',
      to: ['b@x.example'],
    });
  });

  it('leave out what an envelope holds besides addresses', async () => {
    const envelope = {
      from: 'a@x.example',
      to: 'b@x.example',
      size: '1\r\nRCPT TO:<evil@z.com>',
      use8BitMime: true,
      dsn: { notify: 'success' },
    };

    const tree = await compose(plain({ envelope }));

    expect(tree.getEnvelope()).toEqual({
      from: 'a@x.example',
      to: ['b@x.example'],
    });
  });

  it.each([
    ['an object without an address', { name: 'Ann' }],
    [
      'an object with an address that is no string',
      { address: ['a@x.example'] },
    ],
    ['an object that turns into a string', { toString: () => 'a@x.example' }],
    [
      'a group with an address',
      { address: 'a@x.example', group: ['b@x.example'] },
    ],
    ['a number', 5],
    ['a name that is no string', { name: {}, address: 'a@x.example' }],
    ['a string without an address', 'Ann'],
    ['a bad member of a list', ['a@x.example', { name: 'Ann' }]],
    ['a bad member of a group', { name: 'G', group: [{ name: 'Ann' }] }],
  ])('refuse %s', async (_form, to) => {
    const error = await refusalOf(() =>
      compose(plain({ to: to as MailMessage['to'] })),
    );

    expect(error.message).toContain('`to`');
  });

  it('end with lists that hold themselves, and with very deep ones', async () => {
    const loop: unknown[] = ['a@x.example'];
    loop.push(loop, [loop]);
    let deep: unknown = 'b@x.example';
    for (let i = 0; i < 200_000; i += 1) deep = [deep];
    const group: { name: string; group: unknown[] } = { name: 'G', group: [] };
    group.group.push(group.group, 'c@x.example');

    expect(
      await recipients([loop, deep, group] as unknown as MailMessage['to']),
    ).toEqual(['a@x.example', 'b@x.example', 'c@x.example']);
  });

  it('leave the caller’s objects as they were', async () => {
    const message = deepFreeze(
      plain({
        from: { name: 'A\r\n', email: 'a@x.example' },
        to: [{ name: 'B', address: 'B@X.example' }, ['c@x.example']],
        envelope: { from: 'a@x.example', to: [{ email: 'd@x.example' }] },
        headers: { 'Reply-To': { email: 'r@x.example' }, 'X-A': ['1', '2'] },
        html: { content: '<p>' },
        icalEvent: { content: 'BEGIN:VCALENDAR', headers: { 'X-B': 'b' } },
        attachments: [
          { path: 'data:text/plain,hi', headers: [{ key: 'X-C', value: 'c' }] },
        ],
        alternatives: [{ content: 'x', contentType: 'text/x-other' }],
        references: ['<a@b>'],
      }),
    );
    const before = structuredClone(message);

    const tree = await compose(message);
    await tree.build();

    expect(message).toEqual(before);
  });
});

function deepFreeze<T>(value: T): T {
  if (
    typeof value === 'object' &&
    value !== null &&
    !ArrayBuffer.isView(value)
  ) {
    Object.values(value).forEach(deepFreeze);
    Object.freeze(value);
  }
  return value;
}

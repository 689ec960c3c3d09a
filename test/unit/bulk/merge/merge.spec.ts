import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { Merge } from '../../../../lib/bulk/merge/merge.js';
import type {
  MergeMessage,
  MergeRecipient,
} from '../../../../lib/bulk/merge/merge-message.js';
import { admitMergeRun } from '../../../../lib/bulk/merge/merge-options.js';

const { limits: LIMITS } = admitMergeRun({});

function mergeOf(message: Omit<MergeMessage, 'recipients'>): Merge {
  return new Merge({ ...message, recipients: [] }, false, LIMITS);
}

/** The message that a pack of the recipients goes out as. */
function messageTo(
  message: Omit<MergeMessage, 'recipients'>,
  recipients: readonly MergeRecipient[],
): Record<string, unknown> {
  const merge = mergeOf(message);
  const rows = recipients.map((one, at) => merge.row(one, at));
  const pack = merge.pack();
  for (const row of rows) expect(pack.add(row)).toBe(true);
  return { ...merge.messageOf(pack) };
}

const TAG = expect.stringMatching(/^-[\w-]{19}-$/);

describe('A merge', () => {
  it('gives each tag a text for each recipient', () => {
    const message = messageTo(
      { subject: 'Hi -name-', text: 'Hi', sendgrid: { categories: 'x' } },
      [
        { to: 'Ada <ada@example.com>', substitutions: { '-name-': 'Ada' } },
        {
          to: { name: 'Bob', email: 'bob@example.com' },
          substitutions: { '-name-': 'Bob' },
        },
      ],
    );

    expect(message).toEqual({
      subject: 'Hi -name-',
      text: 'Hi',
      to: [
        { name: 'Ada', address: 'ada@example.com' },
        { name: 'Bob', address: 'bob@example.com' },
      ],
      sendgrid: {
        categories: 'x',
        substitutions: { '-name-': ['Ada', 'Bob'] },
      },
    });
  });

  it('gives each recipient custom arguments of its own, blank where it has none', () => {
    const { sendgrid } = messageTo({ sendgrid: { customArgs: { run: 7 } } }, [
      { to: 'ada@example.com', customArgs: { order: 1 } },
      { to: 'bob@example.com', customArgs: { order: '2', vip: true } },
      { to: 'eve@example.com' },
    ]);

    const { customArgs, substitutions } = sendgrid as {
      customArgs: Record<string, string>;
      substitutions: Record<string, string[]>;
    };
    expect(customArgs).toEqual({ run: '7', order: TAG, vip: TAG });
    expect(substitutions[customArgs['order'] ?? '']).toEqual(['1', '2', '']);
    expect(substitutions[customArgs['vip'] ?? '']).toEqual(['', 'true', '']);
    expect(Object.keys(substitutions)).toHaveLength(2);
  });

  it('gives those the argument of all who have none in its place', () => {
    const { sendgrid } = messageTo(
      { sendgrid: { customArgs: { kind: 'all', run: 7 } } },
      [
        { to: 'ada@example.com' },
        { to: 'bob@example.com', customArgs: { kind: 'own' } },
      ],
    );

    expect(sendgrid).toEqual({
      customArgs: { kind: TAG, run: '7' },
      substitutions: expect.toSatisfy((sub: object) => {
        expect(Object.values(sub)).toEqual([['all', 'own']]);
        return true;
      }),
    });
  });

  it('takes names that every object has', () => {
    const { sendgrid } = messageTo(
      { sendgrid: { substitutions: { constructor: 'x' } } },
      [
        { to: 'ada@example.com', customArgs: { toString: 'own' } },
        { to: 'bob@example.com' },
      ],
    );

    expect(sendgrid).toEqual({
      customArgs: { toString: TAG },
      substitutions: expect.toSatisfy((sub: object) => {
        expect(Object.values(sub)).toEqual([
          ['x', 'x'],
          ['own', ''],
        ]);
        return true;
      }),
    });
  });

  it('refuses an argument in the place of one that holds a tag', () => {
    const merge = mergeOf({
      sendgrid: { customArgs: { id: '-id-' }, substitutions: { '-id-': '' } },
    });

    const row = merge.row({ to: 'a@b.example', customArgs: { other: 1 } }, 0);
    expect(row.args.get('other')).toBe('1');
    expect(() =>
      merge.row({ to: 'a@b.example', customArgs: { id: 1 } }, 1),
    ).toThrow('`sendgrid.customArgs.id` holds a tag');
  });

  it('makes new tags for the arguments of every pack', () => {
    const merge = mergeOf({});
    const row = merge.row({ to: 'a@example.com', customArgs: { n: 1 } }, 0);
    const [one, other] = [merge.pack(), merge.pack()];
    one.add(row);
    other.add(row);

    expect([...one.customArgs]).not.toEqual([...other.customArgs]);
  });

  it('gives each recipient a message of its own without tags too', () => {
    const { sendgrid } = messageTo({}, [
      { to: 'ada@example.com' },
      { to: 'bob@example.com' },
    ]);

    expect(sendgrid).toEqual({
      substitutions: expect.toSatisfy((sub: object) =>
        Object.values(sub).every((texts) => texts.length === 2),
      ),
    });
  });

  it('leaves the customArgs of the defaults alone when it has none', () => {
    const { sendgrid } = messageTo({}, [{ to: 'ada@example.com' }]);

    expect(sendgrid).not.toHaveProperty('customArgs');
  });

  it.each<[string, object]>([
    ['to', { to: 'ada@example.com' }],
    ['cc', { cc: ['ada@example.com'] }],
    ['bcc', { bcc: { address: 'ada@example.com' } }],
    ['envelope', { envelope: { to: 'ada@example.com' } }],
    ['raw', { raw: 'From: x' }],
  ])('is refused with %s', (field, message) => {
    expect(() => mergeOf(message)).toThrow(`\`${field}\` is not for a merge`);
  });

  it.each<[object]>([
    [{ cc: undefined }],
    [{ cc: null }],
    [{ cc: [] }],
    [{ bcc: '' }],
  ])('is not refused with %j', (message) => {
    expect(mergeOf(message)).toBeInstanceOf(Merge);
  });

  it.each<[string, object]>([
    ['text', { text: Readable.from(['x']) }],
    ['html', { html: { content: Readable.from(['x']) } }],
    ['attachments', { attachments: [{ content: Readable.from(['x']) }] }],
    ['alternatives', { alternatives: [{ raw: Readable.from(['x']) }] }],
  ])(
    'is refused with a stream in %s, and not with a function',
    (field, one) => {
      expect(() => mergeOf(one)).toThrow(`\`${field}\` is a stream`);
      const open = { [field]: () => Readable.from(['x']) };
      expect(mergeOf(open)).toBeInstanceOf(Merge);
    },
  );

  it.each<[string, object]>([
    ['`sendgrid` must be', { sendgrid: 'x' }],
    ['`sendgrid.substitutions` must be', { sendgrid: { substitutions: [] } }],
    [
      '`sendgrid.substitutions.-a-` must be a string or a number',
      { sendgrid: { substitutions: { '-a-': ['x'] } } },
    ],
    [
      '`sendgrid.sendEachAt` is not for a merge',
      { sendgrid: { sendEachAt: [1] } },
    ],
    ['`sendgrid.category`', { sendgrid: { category: 'x' } }],
  ])('is refused since %s', (text, message) => {
    expect(() => mergeOf(message)).toThrow(text);
  });

  it.each([[undefined], ['ada@example.com'], [{ to: 'x' }], [7]])(
    'is refused with %j for recipients',
    (recipients) => {
      const message = { recipients } as unknown as MergeMessage;
      expect(() => new Merge(message, false, LIMITS)).toThrow(
        '`recipients` must be a list',
      );
    },
  );

  it.each<[unknown]>([[undefined], [null], ['x'], [7]])(
    'is not %j',
    (message) => {
      expect(() => new Merge(message as MergeMessage, false, LIMITS)).toThrow(
        '`message` must be an object',
      );
    },
  );
});

describe('A recipient of a merge', () => {
  it.each<[string, unknown]>([
    ['must be an object', 'ada@example.com'],
    ['must be an object', null],
    ['.to` must be one address', { to: 'a@b.example, c@d.example' }],
    ['.to` must be one address', {}],
    ['.to` must be one address', { to: '' }],
    ['.to` must be one address', { to: ['a@b.example', 'c@d.example'] }],
    ['non-ASCII characters before the @', { to: 'é@b.example' }],
    ['line break', { to: 'a@b.example\r\nBcc: x@y.example' }],
    ['.customArgs` must be an object', { to: 'a@b.example', customArgs: 7 }],
    [
      ".customArgs.mail_id` is this package's own",
      { to: 'a@b.example', customArgs: { mail_id: 'x' } },
    ],
    [
      ".customArgs.email` is a name of SendGrid's own",
      { to: 'a@b.example', customArgs: { email: 'x' } },
    ],
    [
      'and those of the message take 10',
      { to: 'a@b.example', customArgs: { x: 'long '.repeat(2000) } },
    ],
    [
      'holds a tag',
      {
        to: 'a@b.example',
        substitutions: { '-a-': '' },
        customArgs: { x: '-a-' },
      },
    ],
  ])('is refused when it %s: %j', (text, recipient) => {
    expect(() => mergeOf({}).row(recipient, 3)).toThrow(text);
  });

  it('is named by its index', () => {
    expect(() => mergeOf({}).row({}, 3)).toThrow('`recipients[3].to`');
  });

  it('may have a domain of any letters', () => {
    const { to } = mergeOf({}).row({ to: 'a@grün.example' }, 0);

    expect(to.address).toBe('a@xn--grn-ioa.example');
  });
});

describe('The options of a merge', () => {
  it.each([
    [{ recipientsPerMessage: 0 }],
    [{ recipientsPerMessage: 10_001 }],
    [{ recipientsPerMessage: 1.5 }],
    [{ maxHeaderBytes: 9_999 }],
    [{ maxHeaderBytes: 4_000_001 }],
    [{ concurrency: 0 }],
    [{ raw: 'yes' as unknown as boolean }],
  ])('are not %j', (options) => {
    expect(() => admitMergeRun(options)).toThrow('must be a');
  });

  it('have defaults', () => {
    expect(admitMergeRun({})).toEqual({
      run: { lane: 'bulk', concurrency: 20, stopOnError: false, split: false },
      limits: { recipientsPerMessage: 1000, maxHeaderBytes: 4_000_000 },
      raw: false,
    });
  });
});

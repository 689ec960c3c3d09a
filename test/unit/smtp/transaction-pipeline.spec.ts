import { describe, expect, it } from 'vitest';

import { Session } from './support/session.js';
import { transaction } from './support/transactions.js';

function ok(count: number): string[] {
  return Array.from({ length: count }, () => '250 ok');
}

describe('a refused envelope that the server wants a body for', () => {
  it('gets nothing more written when a recipient was accepted', async () => {
    const [first, second] = [transaction(2), transaction()];
    const session = new Session([first, second]);
    await session.received();
    await session.reply('550 no', '250 ok', '503 no', '354 go on');

    expect(await session.received()).toBe('');
    expect(first.outcomes).toMatchObject([
      { kind: 'rejected', command: 'MAIL FROM', reply: { code: 550 } },
    ]);
    expect(second.begun()).toBe(0);
    expect(session.fault).toBeDefined();
  });

  it('gets a lone dot and goes on when that is refused', async () => {
    const [first, second] = [transaction(), transaction()];
    const session = new Session([first, second]);
    await session.received();
    await session.reply('250 ok', '550 unknown', '354 go on');
    expect(await session.received()).toBe('.\r\n');
    expect(first.outcomes).toEqual([]);
    await session.reply('554 no valid recipients');

    expect(first.outcomes).toMatchObject([
      { kind: 'rejected', command: 'RCPT TO', reply: { code: 550 } },
    ]);
    expect(await session.received()).toMatch(/^MAIL FROM:/);
  });

  it.each([
    ['MAIL was refused', ['550 no', '503 no', '354 go on'], '554 no', 550],
    ['the dot is taken', ['250 ok', '551 no', '354 go on'], '250 ok', 551],
  ])('gets a lone dot and no more when %s', async (_, replies, dot, code) => {
    const [first, second] = [transaction(), transaction()];
    const session = new Session([first, second]);
    await session.received();
    await session.reply(...replies);
    expect(await session.received()).toBe('.\r\n');
    await session.reply(dot);

    expect(await session.received()).toBe('');
    expect(first.outcomes).toMatchObject([
      { kind: 'rejected', reply: { code } },
    ]);
    expect(second.begun()).toBe(0);
  });

  it('keeps its reason when the server never answers the lone dot', async () => {
    const only = transaction();
    const session = new Session([only]);
    await session.reply('250 ok', '550 unknown', '354 go on');
    await session.drop();

    expect(only.outcomes).toMatchObject([
      { kind: 'rejected', command: 'RCPT TO', reply: { code: 550 } },
    ]);
  });
});

describe('an envelope after a refused one', () => {
  it('starts with RSET, the one after that does not', async () => {
    const all = [transaction(), transaction(), transaction()];
    const session = new Session(all);
    await session.received();
    await session.reply('250 ok', '550 no', '554 no');
    expect(await session.received()).toMatch(/^RSET\r\nMAIL FROM:/);
    await session.reply(...ok(3), '354 go on');
    await session.received();
    await session.reply('250 queued');

    expect(await session.received()).toMatch(/^MAIL FROM:/);
    expect(all[1]?.outcomes).toMatchObject([{ kind: 'accepted' }]);
  });

  it('goes elsewhere when RSET is refused', async () => {
    const [first, second] = [transaction(), transaction()];
    const session = new Session([first, second]);
    await session.reply('250 ok', '550 no', '554 no');
    await session.reply('502 no RSET here');

    expect(first.outcomes).toMatchObject([{ kind: 'rejected' }]);
    expect(second.outcomes).toMatchObject([
      { kind: 'unsent', bodyOpened: false },
    ]);
  });
});

describe('an envelope of more recipients than one group holds', () => {
  it('leaves in groups, each after the replies to the one before', async () => {
    const only = transaction(150);
    const session = new Session([only]);
    expect((await session.received()).split('\r\n')).toHaveLength(103);
    await session.reply(...ok(101));
    expect(await session.received()).toBe('');
    await session.reply(...ok(1));
    expect((await session.received()).split('\r\n')).toHaveLength(51);
    await session.reply(...ok(49), '354 go on');
    expect(await session.received()).toBe('Hello\r\n.\r\n');
    await session.reply('250 queued');

    expect(only.outcomes).toMatchObject([{ kind: 'accepted' }]);
  });

  it('ends after a group that leaves no hope', async () => {
    const only = transaction(150);
    const session = new Session([only, transaction()]);
    await session.received();
    await session.reply('550 no', ...Array<string>(101).fill('503 no'));

    expect(only.outcomes).toMatchObject([
      { kind: 'rejected', command: 'MAIL FROM' },
    ]);
    expect(await session.received()).toMatch(/^RSET\r\nMAIL FROM:/);
  });
});

describe('an envelope in lock-step', () => {
  it('waits for every reply, and stops at a refused sender', async () => {
    const session = new Session([transaction(), transaction()], {
      pipelining: false,
    });
    expect(await session.received()).toMatch(/^MAIL FROM:[^\r]+\r\n$/);
    await session.reply('250 ok');
    expect(await session.received()).toBe('RCPT TO:<r0@x.example>\r\n');
    await session.reply('250 ok');
    expect(await session.received()).toBe('DATA\r\n');
    await session.reply('354 go on');
    expect(await session.received()).toBe('Hello\r\n.\r\n');
    await session.reply('250 queued');
    expect(await session.received()).toMatch(/^MAIL FROM:/);
    await session.reply('550 no');

    expect(await session.received()).toBe('');
  });
});

describe('a lost connection', () => {
  it.each([
    ['before any reply', [], 'unsent'],
    ['inside the envelope', ['250 ok'], 'unsent'],
    ['after the dot', ['250 ok', '250 ok', '354 go on'], 'unknown'],
  ])('%s leaves the message %s', async (_, replies, kind) => {
    const only = transaction();
    const session = new Session([only]);
    await session.reply(...replies);
    await session.drop();

    expect(only.outcomes).toMatchObject([{ kind }]);
  });

  it('while the body waits for its permission leaves it unsent', async () => {
    const only = transaction(1, { beforeBody: () => new Promise(() => {}) });
    const session = new Session([only]);
    await session.reply('250 ok', '250 ok', '354 go on');
    await session.drop();

    expect(only.outcomes).toMatchObject([
      { kind: 'unsent', bodyOpened: false },
    ]);
  });
});

describe('a 421', () => {
  it.each([
    ['to MAIL', ['421 bye'], 'unsent'],
    ['to RCPT', ['250 ok', '421 bye'], 'unsent'],
    ['to DATA', ['250 ok', '250 ok', '421 bye'], 'unsent'],
    ['to the dot', ['250 ok', '250 ok', '354 go on'], 'rejected'],
  ])('%s ends the session: the message is %s', async (_, replies, kind) => {
    const [first, second] = [transaction(), transaction()];
    const session = new Session([first, second]);
    await session.reply(...replies);
    await session.reply('421 bye');

    expect(first.outcomes).toMatchObject([{ kind }]);
    expect(second.begun()).toBe(0);
    expect(session.fault).toMatchObject({ reply: { code: 421 } });
  });
});

describe('a body that is held back', () => {
  it('is not sent, and the reason is kept', async () => {
    const cause = new Error('no marker');
    const only = transaction(1, { beforeBody: () => Promise.reject(cause) });
    const session = new Session([only]);
    await session.received();
    await session.reply('250 ok', '250 ok', '354 go on');

    expect(await session.received()).toBe('');
    expect(only.outcomes).toMatchObject([
      { kind: 'failed', error: { code: 'ABORTED', cause } },
    ]);
  });
});

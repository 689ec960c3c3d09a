import { Writable } from 'node:stream';
import type { Socket } from 'node:net';
import { describe, expect, it } from 'vitest';

import { TurnWriter } from '../../../lib/smtp/turn-writer.js';
import { Session } from './support/session.js';
import { transaction } from './support/transactions.js';

function recording(): { socket: Socket; calls: Buffer[][] } {
  const calls: Buffer[][] = [];
  const socket = new Writable({
    write(chunk: Buffer, _encoding, done) {
      calls.push([chunk]);
      done();
    },
    writev(chunks, done) {
      calls.push(chunks.map(({ chunk }) => chunk as Buffer));
      done();
    },
  });
  // A writer uses nothing of a socket that other streams lack.
  return { socket: socket as unknown as Socket, calls };
}

async function endOfTurn(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
}

describe('what is written in one turn', () => {
  it('leaves at its end, in one call, in order', async () => {
    const { socket, calls } = recording();
    const writer = new TurnWriter(socket);
    writer.write(Buffer.from('body\r\n.\r\n'));
    writer.write('MAIL FROM:<é@x>\r\n');
    writer.write('DATA\r\n');
    expect(calls).toEqual([]);
    await endOfTurn();

    expect(calls).toEqual([
      [Buffer.from('body\r\n.\r\nMAIL FROM:<é@x>\r\nDATA\r\n', 'latin1')],
    ]);
    expect(writer.flushes).toBe(1);
  });

  it('is not copied together when it is large', async () => {
    const { socket, calls } = recording();
    const writer = new TurnWriter(socket);
    const large = Buffer.alloc(20_000, 'x');
    writer.write(large);
    writer.write('MAIL\r\n');
    await endOfTurn();

    expect(calls).toEqual([[large, Buffer.from('MAIL\r\n')]]);
    expect(calls[0]?.[0]).toBe(large);
  });

  it('leaves before what is written at once', () => {
    const { socket, calls } = recording();
    const writer = new TurnWriter(socket);
    writer.write('first');
    writer.writeNow(Buffer.from('second'));

    expect(Buffer.concat(calls.flat()).toString()).toBe('firstsecond');
  });

  it('does not leave once it was dropped', async () => {
    const { socket, calls } = recording();
    const writer = new TurnWriter(socket);
    writer.write('gone');
    writer.drop();
    await endOfTurn();

    expect([calls, writer.flushes]).toEqual([[], 0]);
  });
});

describe('a connection that fails in the turn of the dot', () => {
  it('leaves the message unsent: its dot had not left', async () => {
    const [first, second] = [transaction(), transaction()];
    const session = new Session([first, second]);
    await session.received();
    void session.reply('250 ok', '250 ok', '354 go on');
    await session.drop();

    expect(first.outcomes).toMatchObject([
      { kind: 'unsent', bodyOpened: true },
    ]);
    expect(await session.received()).toBe('');
  });

  it('leaves it unknown one turn later', async () => {
    const only = transaction();
    const session = new Session([only]);
    await session.received();
    await session.reply('250 ok', '250 ok', '354 go on');
    await session.reply('no reply at all');

    expect(only.outcomes).toMatchObject([{ kind: 'unknown' }]);
  });
});

import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { noCounts } from '../../../bench/sink/counts.js';
import { Session } from '../../../bench/sink/session.js';

const ENVELOPE = 'MAIL FROM:<a@b.example>\r\nRCPT TO:<c@d.example>\r\nDATA\r\n';
const BODY = 'Subject: x\r\n\r\n..dots\r\nnot the end .\r\n.\r\n';
const REPLIES = ['250', '250', '354', '250'];

describe('the sink of the bench', () => {
  const counts = noCounts();
  const server = createServer((socket) =>
    Session.greet(socket, { counts, startTls: undefined }),
  );
  let client: Socket;

  beforeEach(async () => {
    Object.assign(counts, noCounts());
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    const port = typeof address === 'object' ? (address?.port ?? 0) : 0;
    client = connect({ port, host: '127.0.0.1', noDelay: true });
  });

  afterEach(async () => {
    client.destroy();
    await new Promise((resolve) => server.close(resolve));
  });

  /** The codes of everything it says until it has said 221. */
  async function codes(): Promise<string[]> {
    let text = '';
    for await (const chunk of client) text += String(chunk);
    return text
      .trimEnd()
      .split('\r\n')
      .map((line) => line.slice(0, 3));
  }

  it('answers and counts messages written in one flight each', async () => {
    client.write(`${ENVELOPE}${BODY}${ENVELOPE}${BODY}QUIT\r\n`);

    expect(await codes()).toEqual(['220', ...REPLIES, ...REPLIES, '221']);
    expect(counts).toMatchObject({ messages: 2, mailCommands: 2 });
    expect(counts.bytes).toBe(2 * (BODY.length - '.\r\n'.length));
  });

  it('finds the end of a body wherever it is split', async () => {
    const said = codes();
    for (const byte of `${ENVELOPE}${BODY}`) {
      client.write(byte);
      await new Promise((resolve) => setImmediate(resolve));
    }
    client.write('QUIT\r\n');

    expect(await said).toEqual(['220', ...REPLIES, '221']);
    expect(counts.messages).toBe(1);
    expect(counts.bytes).toBe(BODY.length - '.\r\n'.length);
  });
});

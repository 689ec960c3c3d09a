import { execFile } from 'node:child_process';
import type { Socket } from 'node:net';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterEach, describe, expect, it } from 'vitest';

import type { Deliveries } from '../../lib/delivery/deliveries.js';
import type { Log } from '../../lib/options/log.js';
import { FakeSendGrid } from '../../lib/testing/fake-sendgrid.js';
import { deliveriesTo, outgoing, send } from '../support/relay.js';
import { ScriptedServer, type Script } from '../support/scripted-server.js';

let cleanUp: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  await Promise.all(cleanUp.map((stop) => stop()));
  cleanUp = [];
});

const logged: string[] = [];
const LOG: Log = {
  info: (text) => logged.push(text),
  warn: (text) => logged.push(text),
};

/** One message a connection, so that each has an AUTH of its own. */
async function session(
  script: Script,
  pipelining: 'auto' | 'envelope' | 'off' = 'auto',
): Promise<{ server: ScriptedServer; deliveries: Deliveries }> {
  const server = await ScriptedServer.start(script);
  logged.length = 0;
  const deliveries = deliveriesTo(
    server,
    {
      pool: { maxConnections: 1, maxMessagesPerConnection: 1, pipelining },
      timeouts: { commandMs: 400 },
    },
    LOG,
  );
  cleanUp.push(
    () => server.stop(),
    () => deliveries.drain(1000),
  );
  return { server, deliveries };
}

async function sendOneByOne(deliveries: Deliveries, count: number) {
  for (let n = 0; n < count; n += 1) await send(deliveries, outgoing(n));
}

/** Connections on which MAIL came before AUTH had been answered. */
function grouped(): { script: Script; connections: Set<number> } {
  const connections = new Set<number>();
  const waiting = new Map<Socket, boolean>();
  const script: Script = ({ event, socket, connection }) => {
    if (event === 'AUTH') {
      waiting.set(socket, true);
      setImmediate(() => waiting.set(socket, false));
    }
    const early = event === 'MAIL' && waiting.get(socket) === true;
    if (early) connections.add(connection);
    return undefined;
  };
  return { script, connections };
}

describe('AUTH with the first envelope behind it', () => {
  it('is tried once an AUTH alone went well, then kept', async () => {
    const { script, connections } = grouped();
    const { server, deliveries } = await session(script);
    await send(deliveries, outgoing('first'));
    expect([...connections]).toEqual([]);
    expect(deliveries.stats().groupedAuth).toBe(false);
    await sendOneByOne(deliveries, 3);

    expect([...connections]).toEqual([2, 3, 4]);
    expect(deliveries.stats().groupedAuth).toBe(true);
    expect(server.accepted).toHaveLength(4);
    expect(logged.filter((line) => line.includes('AUTH'))).toHaveLength(1);
  });

  it("is used from the start by 'envelope', never by 'off'", async () => {
    const one = grouped();
    const { deliveries } = await session(one.script, 'envelope');
    await sendOneByOne(deliveries, 1);
    const other = grouped();
    const lockstep = await session(other.script, 'off');
    await sendOneByOne(lockstep.deliveries, 3);

    expect([one.connections.size, other.connections.size]).toEqual([1, 0]);
  });

  it('is never used without the keyword', async () => {
    const { script, connections } = grouped();
    const { deliveries } = await session(
      (said) =>
        said.event === 'EHLO'
          ? ScriptedServer.ehloWithout('PIPELINING')
          : script(said),
      'envelope',
    );
    await sendOneByOne(deliveries, 3);

    expect(connections.size).toBe(0);
  });

  it.each([
    ['MAIL is refused with 503', { MAIL: '503 pipelined\r\n' }],
    ['MAIL is refused with 530', { MAIL: '530 authenticate first\r\n' }],
    ['AUTH is refused with 503', { AUTH: '503 bad sequence\r\n' }],
    ['AUTH is refused with 535', { AUTH: '535 no\r\n' }],
    ['AUTH is answered by no reply', { AUTH: 'what was that?\r\n' }],
    ['what follows AUTH is answered by none', { MAIL: 'what?\r\n' }],
    ['AUTH is answered by 334', { AUTH: '334 \r\n' }],
    ['AUTH is not answered', { AUTH: '' }],
    ['what follows AUTH is not answered', { MAIL: '', RCPT: '', DATA: '' }],
  ] satisfies [string, Partial<Record<string, string>>][])(
    'gives way without loss when %s',
    async (_name, answers: Partial<Record<string, string>>) => {
      const { connections, script } = grouped();
      const { server, deliveries } = await session((said) => {
        script(said);
        return said.connection === 2 ? answers[said.event] : undefined;
      });
      const began = performance.now();
      await sendOneByOne(deliveries, 5);

      expect(
        server.accepted.map((body) => /Hello (\d)/.exec(body)?.[1]),
      ).toEqual(['0', '1', '2', '3', '4']);
      expect(connections.size).toBeLessThanOrEqual(1);
      expect(deliveries.stats()).toMatchObject({
        groupedAuth: false,
        account: 'ok',
        totals: { accepted: 5 },
      });
      expect(performance.now() - began).toBeLessThan(5000);
      expect(logged.filter((line) => line.includes('is off'))).toHaveLength(1);
    },
  );

  it('gives way after two connections are lost behind it', async () => {
    const { script, connections } = grouped();
    const { server, deliveries } = await session((said) => {
      script(said);
      if (connections.has(said.connection)) said.socket.destroy();
      return undefined;
    });
    await sendOneByOne(deliveries, 4);

    expect(connections.size).toBe(2);
    expect(server.accepted).toHaveLength(4);
  });

  it('keeps a key that is refused later from being called a grouping fault', async () => {
    let revoked = false;
    const { server, deliveries } = await session(({ event }) =>
      revoked && event === 'AUTH' ? '535 revoked\r\n' : undefined,
    );
    await sendOneByOne(deliveries, 3);
    revoked = true;

    await expect(send(deliveries, outgoing(9))).rejects.toMatchObject({
      code: 'ACCOUNT',
      deliveryState: 'not-sent',
    });
    expect(deliveries.stats()).toMatchObject({ account: 'refused' });
    expect(server.count('AUTH')).toBe(4);
  });

  it('verifies over another connection when the one on trial comes to nothing', async () => {
    const { server, deliveries } = await session(({ event, connection }) =>
      connection === 2 && event === 'AUTH' ? '503 no\r\n' : undefined,
    );
    await sendOneByOne(deliveries, 1);
    const sent = send(deliveries, outgoing(1));
    await deliveries.verify();
    await sent;

    expect(server.connections).toBeGreaterThanOrEqual(3);
  });

  it('keeps the process alive for the message that went along', async () => {
    const server = await ScriptedServer.start(
      ({ event, connection, socket }) => {
        if (event !== 'AUTH' || connection !== 2) return undefined;
        setTimeout(() => socket.write('235 ok\r\n'), 300);
        return '';
      },
    );
    cleanUp.push(() => server.stop());
    const script = new URL('fixtures/two-sends.mjs', import.meta.url);
    const job = { ...server.options, pool: { pipelining: 'envelope' } };
    const { stdout } = await promisify(execFile)(
      process.execPath,
      [fileURLToPath(script)],
      { env: { ...process.env, JOB: JSON.stringify(job) } },
    );

    expect(stdout).toBe('settled\nsettled\n');
  });

  it('makes no later message wait for an AUTH that is slow', async () => {
    const server = await ScriptedServer.start(({ event, connection }) =>
      event === 'AUTH' && connection === 1 ? '' : undefined,
    );
    const deliveries = deliveriesTo(server, {
      pool: { maxConnections: 2, pipelining: 'envelope' },
    });
    cleanUp.push(
      () => server.stop(),
      () => deliveries.drain(10),
    );
    const stuck = send(deliveries, outgoing(1)).catch(() => undefined);
    while (server.count('AUTH') === 0) await new Promise(setImmediate);
    const { timings } = await send(deliveries, outgoing(2));
    await deliveries.drain(10);
    await stuck;

    expect(timings.totalMs).toBeLessThan(3000);
  });

  it('counts the message that went along towards the cap', async () => {
    const server = await ScriptedServer.start();
    const deliveries = deliveriesTo(server, {
      pool: {
        maxConnections: 2,
        maxMessagesPerConnection: 1,
        pipelining: 'oneflight',
      },
    });
    cleanUp.push(() => server.stop());
    await Promise.all(
      Array.from({ length: 8 }, (_, n) => send(deliveries, outgoing(n))),
    );
    await deliveries.drain(1000);

    expect(server.count('MAIL')).toBe(8);
    expect(server.connections).toBe(8);
  });

  it('leaves a refusal for now to the gate, and is tried again', async () => {
    const { script, connections } = grouped();
    const { deliveries } = await session((said) => {
      script(said);
      const first = said.event === 'AUTH' && said.connection === 2;
      return first ? '454 later\r\n' : undefined;
    });
    await sendOneByOne(deliveries, 4);

    expect(connections.size).toBeGreaterThan(1);
    expect(deliveries.stats().groupedAuth).toBe(true);
  });

  it('works with a faithful SendGrid over STARTTLS', async () => {
    const relay = await FakeSendGrid.start();
    cleanUp.push(() => relay.stop());
    const deliveries = deliveriesTo(relay, {
      pool: { maxConnections: 1, maxMessagesPerConnection: 1 },
    });
    await sendOneByOne(deliveries, 5);

    expect(deliveries.stats().groupedAuth).toBe(true);
    await deliveries.drain(1000);
    expect(relay.counters.accepted).toBe(5);
  });
});

import { Readable } from 'node:stream';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { deliveriesTo, outgoing, send } from '../support/relay.js';
import {
  ScriptedServer,
  type Event,
  type Script,
} from '../support/scripted-server.js';

let server: ScriptedServer;
afterEach(() => server.stop());

const start = async (script: Script = () => undefined) => {
  server = await ScriptedServer.start(script);
  return deliveriesTo(server, { pool: { maxConnections: 1 } });
};

/** Resolves once the server has heard this event so many times. */
const heard = async (event: Event, times = 1): Promise<void> => {
  while (server.count(event) < times) await new Promise(setImmediate);
};

describe('giving up', () => {
  it('refuses a send whose signal has fired already', async () => {
    const deliveries = await start();

    await expect(
      send(deliveries, outgoing(1), { signal: AbortSignal.abort() }),
    ).rejects.toMatchObject({ code: 'ABORTED', deliveryState: 'not-sent' });

    expect(server.connections).toBe(0);
    expect(deliveries.stats().totals).toMatchObject({ notSent: 1, pending: 0 });
    await deliveries.drain(1000);
  });

  it('takes a waiting message out of the queue', async () => {
    const deliveries = await start(({ event, line }) =>
      event === 'DOT' && line.includes('Hello 1') ? '' : undefined,
    );
    const first = send(deliveries, outgoing(1), { timeoutMs: 5000 });
    await heard('DOT');
    const abort = new AbortController();
    const waiting = send(deliveries, outgoing(2), { signal: abort.signal });
    await new Promise(setImmediate);

    abort.abort(new Error('changed my mind'));

    await expect(waiting).rejects.toMatchObject({
      code: 'ABORTED',
      deliveryState: 'not-sent',
      cause: expect.objectContaining({ message: 'changed my mind' }),
    });
    expect(deliveries.stats().queue.byLane.normal.messages).toBe(0);
    server.said[0]?.socket.write('250 Ok: queued as x\r\n');
    await first;
    await deliveries.drain(1000);
    expect(server.accepted).toHaveLength(0);
    expect(server.count('MAIL')).toBe(1);
  });

  it('does not send the body once aborted in the envelope', async () => {
    const abort = new AbortController();
    const deliveries = await start(({ event, line }) => {
      if (event === 'RCPT' && line.includes('<ada@')) abort.abort();
      return undefined;
    });

    await expect(
      send(deliveries, outgoing(1), { signal: abort.signal }),
    ).rejects.toMatchObject({ code: 'ABORTED', deliveryState: 'not-sent' });
    const other = { from: 'hello@shop.example', to: ['bob@example.com'] };
    await send(deliveries, outgoing(2, { envelope: other }));
    await deliveries.drain(1000);

    expect(server.accepted).toEqual([expect.stringContaining('Hello 2')]);
    expect(server.count('DOT')).toBe(1);
  });

  it('reports unknown at once when the limit passes after the dot', async () => {
    const deliveries = await start(({ event, line }) =>
      event === 'DOT' && line.includes('Hello 1') ? '' : undefined,
    );

    const sent = send(deliveries, outgoing(1), { timeoutMs: 300 });

    await expect(sent).rejects.toMatchObject({
      code: 'OUTCOME_UNKNOWN',
      deliveryState: 'unknown',
      cause: expect.objectContaining({ code: 'TIMED_OUT' }),
    });
    expect(deliveries.stats().totals).toMatchObject({ unknown: 1, pending: 0 });
    // The connection still listens: the late reply puts it back to work.
    server.said[0]?.socket.write('250 Ok: queued as late\r\n');
    await send(deliveries, outgoing(2));
    await deliveries.drain(1000);
    expect(server.connections).toBe(1);
    expect(deliveries.stats().totals).toMatchObject({
      unknown: 1,
      accepted: 1,
    });
  });

  it('closes the connection when aborted inside a body, and sends no dot', async () => {
    const abort = new AbortController();
    const deliveries = await start();
    let read = 0;
    const open = (): Readable =>
      Readable.from(
        (async function* endless() {
          yield Buffer.from('From: a@b.example\r\n\r\n');
          for (;;) {
            read += 1;
            if (read === 100) abort.abort();
            await new Promise(setImmediate);
            yield Buffer.from('more\r\n');
          }
        })(),
      );

    await expect(
      send(
        deliveries,
        outgoing(1, { content: { kind: 'stream', reusable: true, open } }),
        { signal: abort.signal },
      ),
    ).rejects.toMatchObject({ code: 'ABORTED', deliveryState: 'not-sent' });
    await send(deliveries, outgoing(2));
    await deliveries.drain(1000);

    expect(server.connections).toBe(2);
    expect(server.accepted).toEqual([expect.stringContaining('Hello 2')]);
  });

  it('fails with TIMED_OUT while no connection can be had', async () => {
    const deliveries = await start(({ event }) =>
      event === 'GREETING' ? '' : undefined,
    );

    await expect(
      send(deliveries, outgoing(1), { timeoutMs: 50 }),
    ).rejects.toMatchObject({ code: 'TIMED_OUT', deliveryState: 'not-sent' });
    await server.stop();
    await deliveries.drain(100);
  });
});

describe('giving up an envelope behind a body', () => {
  it('leaves the message before it its verdict', async () => {
    const abort = new AbortController();
    let release: (() => void) | undefined;
    let held = '';
    server = await ScriptedServer.start(({ event, line, socket }) => {
      if (event === 'DOT' && line.includes('Hello 1')) {
        release = () => {
          release = undefined;
          socket.write(`250 Ok: queued as one\r\n${held}`);
        };
        return '';
      }
      if (release === undefined || event === 'GREETING') return undefined;
      held += event === 'DATA' ? '354 go on\r\n' : '250 ok\r\n';
      return '';
    });
    const deliveries = deliveriesTo(server, {
      pool: { maxConnections: 1, pipelining: 'oneflight' },
    });

    const first = send(deliveries, outgoing(1), { timeoutMs: 5000 });
    const second = send(deliveries, outgoing(2), { signal: abort.signal });

    await heard('DATA', 2);
    abort.abort();
    await expect(second).rejects.toMatchObject({
      code: 'ABORTED',
      deliveryState: 'not-sent',
    });
    release?.();
    await expect(first).resolves.toMatchObject({ sendGridId: 'one' });
    await deliveries.drain(1000);
    expect(server.accepted.filter((body) => body.includes('Hello 2'))).toEqual(
      [],
    );
  });
});

describe('beforeBody', () => {
  it('that gives the message up itself sends nothing', async () => {
    const deliveries = await start();
    const abort = new AbortController();
    const beforeBody = async (): Promise<void> => abort.abort();

    await expect(
      send(deliveries, outgoing(1, { beforeBody }), { signal: abort.signal }),
    ).rejects.toMatchObject({ code: 'ABORTED', deliveryState: 'not-sent' });
    await send(deliveries, outgoing(2));
    await deliveries.drain(1000);

    expect(server.accepted).toEqual([expect.stringContaining('Hello 2')]);
  });

  it('is started with the envelope and awaited before the body', async () => {
    let release: (() => void) | undefined;
    const deliveries = await start();
    const gate = new Promise<void>((resolve) => {
      release = resolve;
    });
    let startedAfter = -1;
    const beforeBody = async (): Promise<void> => {
      startedAfter = server.count('MAIL');
      await gate;
    };

    const sent = send(deliveries, outgoing(1, { beforeBody }));
    await heard('DATA');
    await new Promise(setImmediate);
    expect(server.count('DOT')).toBe(0);
    release?.();
    await sent;
    await deliveries.drain(1000);

    expect(startedAfter).toBe(0);
    expect(server.accepted).toHaveLength(1);
  });

  it('holds the message back when it rejects, and blames no relay', async () => {
    server = await ScriptedServer.start();
    const log = { info: vi.fn(), warn: vi.fn() };
    const deliveries = deliveriesTo(server, {}, log);
    const beforeBody = () => Promise.reject(new Error('no marker'));

    await expect(
      send(deliveries, outgoing(1, { beforeBody })),
    ).rejects.toMatchObject({ code: 'ABORTED', deliveryState: 'not-sent' });
    await send(deliveries, outgoing(2));
    await deliveries.drain(1000);

    expect(server.accepted).toEqual([expect.stringContaining('Hello 2')]);
    expect(log.warn).not.toHaveBeenCalled();
  });
});

import { connect } from 'node:net';
import { describe, expect, it } from 'vitest';
import { FakeSendGrid } from '../../lib/testing/fake-sendgrid.js';
import { BODY, ENVELOPE, RawClient } from './fake-sendgrid-client.js';

describe('FakeSendGrid.stop', () => {
  it('cuts connections in every state and frees the port', async () => {
    const relay = await FakeSendGrid.start();
    relay.fail('message', 'stall');
    const clients = [
      await RawClient.connect(relay),
      await RawClient.ready(relay),
      await RawClient.ready(relay),
      await RawClient.ready(relay),
    ];
    clients[1]?.lines(...ENVELOPE, 'half a body');
    clients[2]?.lines(...ENVELOPE, BODY);
    await clients[3]?.say('STARTTLS');

    await relay.stop();
    const next = await FakeSendGrid.start({ port: relay.port });

    await Promise.all(clients.map((client) => client.closed()));
    expect(relay.counters.open).toBe(0);
    expect(next.port).toBe(relay.port);
    await next.stop();
  });

  it('cuts a TLS handshake that has not begun', async () => {
    const relay = await FakeSendGrid.start({ security: 'implicit' });
    const socket = connect(relay.port, relay.host);
    const closed = new Promise((resolve) => socket.once('close', resolve));
    await relay.waitUntil(({ open }) => open === 1);

    await relay.stop();

    await closed;
    expect(relay.counters.open).toBe(0);
  });

  it('may be called again, at once and later', async () => {
    const relay = await FakeSendGrid.start();

    const first = relay.stop();
    await Promise.all([first, relay.stop()]);

    expect(relay.stop()).toBe(first);
  });

  it('rejects what waits for messages', async () => {
    const relay = await FakeSendGrid.start();
    const waiting = relay.waitFor(1);

    await Promise.all([
      expect(waiting).rejects.toMatchObject({ code: 'STOPPED' }),
      relay.stop(),
    ]);

    await expect(relay.waitFor(1)).rejects.toMatchObject({ code: 'STOPPED' });
  });

  it('is what `await using` calls', async () => {
    const relay = await FakeSendGrid.start();

    await relay[Symbol.asyncDispose]();

    await expect(RawClient.connect(relay)).rejects.toMatchObject({
      code: 'ECONNREFUSED',
    });
  });

  it('leaves a port that is taken to its owner', async () => {
    const relay = await FakeSendGrid.start();

    await expect(FakeSendGrid.start({ port: relay.port })).rejects.toThrow(
      /EADDRINUSE/,
    );
    await relay.stop();
  });

  it('listens on IPv4 loopback only', async () => {
    const relay = await FakeSendGrid.start();
    const socket = connect(relay.port, '::1');

    await expect(
      new Promise((resolve, reject) => {
        socket.once('connect', resolve);
        socket.once('error', reject);
      }),
    ).rejects.toThrow(/ECONNREFUSED|EADDRNOTAVAIL|EAFNOSUPPORT|ENETUNREACH/);
    await relay.stop();
  });
});

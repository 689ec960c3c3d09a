import { connect, type ConnectionOptions, type TLSSocket } from 'node:tls';
import { afterEach, describe, expect, it } from 'vitest';
import { FakeSendGrid } from '../../lib/testing/fake-sendgrid.js';
import { RawClient } from './fake-sendgrid-client.js';

describe('TLS of FakeSendGrid', () => {
  let relay: FakeSendGrid;
  afterEach(() => relay.stop());

  async function handshake(options: ConnectionOptions): Promise<TLSSocket> {
    const { port } = relay;
    return new Promise((resolve, reject) => {
      const socket = connect({ port, host: '127.0.0.1', ...options });
      socket.once('secureConnect', () => resolve(socket));
      socket.once('error', reject);
    });
  }

  it.each(['127.0.0.1', 'localhost'])('verifies for %s', async (host) => {
    relay = await FakeSendGrid.start({ security: 'implicit' });

    const socket = await handshake({ ca: relay.ca, host });

    expect(socket.authorized).toBe(true);
    socket.destroy();
  });

  it.each([
    ['an unknown authority', {}],
    ['another name', { servername: 'smtp.sendgrid.net' }],
  ])('does not verify for %s', async (what, options) => {
    relay = await FakeSendGrid.start({ security: 'implicit' });
    const ca = what === 'another name' ? { ca: relay.ca } : {};

    await expect(handshake({ ...ca, ...options })).rejects.toThrow(
      /self-signed certificate|does not match/,
    );
  });

  it.each(['TLSv1.2', 'TLSv1.3'] as const)('speaks %s', async (version) => {
    relay = await FakeSendGrid.start({ security: 'implicit' });

    const socket = await handshake({
      ca: relay.ca,
      minVersion: version,
      maxVersion: version,
    });

    expect(socket.getProtocol()).toBe(version);
    socket.destroy();
  });

  it('does not speak TLS 1.1', async () => {
    relay = await FakeSendGrid.start({ security: 'implicit' });

    await expect(
      handshake({
        ca: relay.ca,
        minVersion: 'TLSv1.1',
        maxVersion: 'TLSv1.1',
        ciphers: 'DEFAULT@SECLEVEL=0',
      }),
    ).rejects.toThrow(/alert protocol version/);
    await relay.waitUntil(({ open }) => open === 0);
    expect(relay.counters.tlsHandshakes).toBe(0);
  });

  it('counts resumed sessions', async () => {
    relay = await FakeSendGrid.start({ security: 'implicit' });
    const first = await handshake({ ca: relay.ca });
    const session = await new Promise<Buffer>((resolve) => {
      first.once('session', resolve);
      first.resume();
    });

    const second = await handshake({ ca: relay.ca, session });
    await relay.waitUntil(({ greeted }) => greeted === 2);

    expect(second.isSessionReused()).toBe(true);
    expect(relay.counters).toMatchObject({ tlsHandshakes: 2, tlsResumed: 1 });
    expect(relay.connections.map(({ resumed }) => resumed)).toEqual([
      false,
      true,
    ]);
    first.destroy();
    second.destroy();
  });

  it('throws away what was pipelined behind STARTTLS', async () => {
    relay = await FakeSendGrid.start();
    const client = await RawClient.connect(relay);
    await client.replies(1);

    client.lines('STARTTLS', 'NOOP', 'EHLO injected');
    expect(await client.replies(1)).toEqual(['220 Begin TLS negotiation now']);
    await client.secure({ ca: relay.ca, servername: 'localhost' });

    expect(await client.say('MAIL FROM:<a@example.com>')).toBe(
      '503 Error: send HELO/EHLO first',
    );
    expect(client.unread).toBe('');
  });

  it('forgets AUTH at STARTTLS', async () => {
    relay = await FakeSendGrid.start();
    const client = await RawClient.ready(relay);

    await client.say('STARTTLS');
    await client.secure({ ca: relay.ca, servername: 'localhost' });
    await client.say('EHLO x');

    expect(await client.say('MAIL FROM:<a@example.com>')).toMatch(/^550 /);
    expect(await client.say('STARTTLS')).toMatch(/^503 /);
  });
});

import { Duplex } from 'node:stream';
import type { Socket } from 'node:net';
import { describe, expect, it } from 'vitest';

import { resolveOptions } from '../../../lib/options/resolve-options.js';
import { Channel } from '../../../lib/smtp/channel.js';
import { handshake } from '../../../lib/smtp/handshake.js';
import { TlsSettings } from '../../../lib/smtp/tls-settings.js';

const KEY = `SG.${'k'.repeat(22)}.${'s'.repeat(43)}`;

/** A relay that answers every line, on a socket that says it is elsewhere. */
function socketTo(remoteAddress: string, heard: string[]): Socket {
  const socket: Duplex = new Duplex({
    read: () => undefined,
    write(chunk: Buffer, _encoding, done) {
      const line = String(chunk);
      heard.push(line);
      const reply = line.startsWith('EHLO')
        ? '250-x\r\n250 AUTH PLAIN\r\n'
        : '235 ok\r\n';
      setImmediate(() => socket.push(reply));
      done();
    },
  });
  // The handshake needs no more of a socket than a stream and its address.
  return Object.assign(socket, { remoteAddress }) as unknown as Socket;
}

async function authenticateAt(remoteAddress: string): Promise<string[]> {
  const heard: string[] = [];
  const { relay, timeouts } = resolveOptions({
    apiKey: KEY,
    host: 'localhost',
    security: 'none',
  });
  const socket = socketTo(remoteAddress, heard);
  const owner = { unsolicited() {}, failed() {}, closed() {} };
  const channel = new Channel(socket, owner);
  const tls = new TlsSettings(relay);
  setImmediate(() => {
    socket.emit('connect');
    setImmediate(() => socket.push('220 ready\r\n'));
  });
  await handshake(channel, { relay, timeouts, tls });
  return heard;
}

describe('without TLS', () => {
  it.each(['127.0.0.1', '127.8.9.10', '::1', '::ffff:127.0.0.1'])(
    'the key goes to %s',
    async (address) => {
      const heard = await authenticateAt(address);

      expect(heard[1]).toMatch(/^AUTH PLAIN /);
    },
  );

  it.each(['10.0.0.1', '192.0.2.1', '::2', '::ffff:10.0.0.1', '1127.0.0.1'])(
    'the key does not go to %s, whatever the host is called',
    async (address) => {
      await expect(authenticateAt(address)).rejects.toMatchObject({
        stage: 'auth',
        message: expect.stringContaining('loopback'),
      });
    },
  );
});

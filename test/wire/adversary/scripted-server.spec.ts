import { once } from 'node:events';
import { connect, createServer, type AddressInfo } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { describe, expect, it } from 'vitest';
import { ScriptedServer } from '../../support/scripted-server.js';
import type { Ending } from '../../support/scripted-server/conversation-events.js';

const GREETING = '220 a greeting that is long enough to be cut\r\n';

/** The greeting as a bare client receives it. */
async function chunks(
  pieces: 'whole' | 'split' | 'bytes',
  seed: number,
): Promise<string[]> {
  const script = () => ({ say: GREETING, then: 'fin' as const });
  const server = await ScriptedServer.start(script, { pieces, seed });
  const received: string[] = [];
  const client = connect(server.port, '127.0.0.1');
  client.on('data', (chunk) => received.push(String(chunk)));
  await once(client, 'close');
  await server.stop();
  return received;
}

/** How many bytes a TLS server sends until its end. */
async function bytesUntil(then: Ending): Promise<number> {
  const script = () => ({ say: GREETING, then });
  const server = await ScriptedServer.start(script, { security: 'implicit' });
  let bytes = 0;
  const wire = createServer((near) => {
    const far = connect(server.port, '127.0.0.1');
    near.pipe(far);
    far.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      near.write(chunk);
    });
    far.on('end', () => near.end());
    near.on('error', () => far.destroy());
    far.on('error', () => near.destroy());
  });
  wire.listen(0, '127.0.0.1');
  await once(wire, 'listening');
  // A TCP server that listens has an address of this form.
  const { port } = wire.address() as AddressInfo;
  const { ca } = server.options.tls ?? {};
  const options = {
    port,
    host: '127.0.0.1',
    ca,
    maxVersion: 'TLSv1.2',
  } as const;
  const client = connectTls(options);
  client.resume();
  await once(client, 'close');
  await server.stop();
  wire.close();
  return bytes;
}

describe('the scripted server', () => {
  it('sends a reply whole, cut as the seed says, or byte by byte', async () => {
    const whole = await chunks('whole', 1);
    const split = await chunks('split', 1);
    const bytes = await chunks('bytes', 1);

    expect(whole).toEqual([GREETING]);
    expect(split.join('')).toBe(GREETING);
    expect(split.length).toBeGreaterThan(1);
    expect(await chunks('split', 1)).toEqual(split);
    expect(await chunks('split', 2)).not.toEqual(split);
    expect(bytes.join('')).toBe(GREETING);
    // The first may have met while the client was not yet reading.
    expect(bytes.length).toBeGreaterThan(GREETING.length / 2);
  });

  it('ends TLS with close_notify, or with a FIN alone', async () => {
    const bare = await bytesUntil('bare-fin');
    const proper = await bytesUntil('fin');

    // A close_notify record is 31 bytes; a signature differs by a few.
    expect(proper - bare).toBeGreaterThan(20);
  });
});

import { once } from 'node:events';
import type { Socket } from 'node:net';
import { duplexPair } from 'node:stream';
import { createSecureContext, TLSSocket, type SecureContext } from 'node:tls';

import { generate } from 'selfsigned';
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest';

import type { ResolvedRelay } from '../../../lib/options/resolved-options.js';
import { TlsSettings } from '../../../lib/smtp/tls-settings.js';

let ca: string;
let context: SecureContext;
let oldContext: SecureContext;

beforeAll(async () => {
  const { cert, private: key } = await generate(
    [{ name: 'commonName', value: 'relay.example' }],
    {
      keyType: 'ec',
      curve: 'P-256',
      extensions: [
        {
          name: 'subjectAltName',
          altNames: [
            { type: 2, value: 'relay.example' },
            { type: 7, ip: '192.0.2.7' },
          ],
        },
      ],
    },
  );
  ca = cert;
  context = createSecureContext({ cert, key });
  oldContext = createSecureContext({
    cert,
    key,
    minVersion: 'TLSv1',
    maxVersion: 'TLSv1.1',
    ciphers: 'DEFAULT@SECLEVEL=0',
  });
});

afterEach(() => {
  vi.unstubAllEnvs();
});

function relay(overrides: Partial<ResolvedRelay['tls']> = {}): ResolvedRelay {
  return {
    host: 'relay.example',
    port: 465,
    security: 'implicit',
    apiKey: undefined,
    ehloName: '[127.0.0.1]',
    tls: { ca, servername: undefined, minVersion: 'TLSv1.2', ...overrides },
  };
}

interface Shaken {
  readonly reused: boolean;
  readonly servername: string | false | null;
  readonly protocol: string | null;
}

/** One handshake in memory, up to the first byte from the server. */
async function shake(
  settings: TlsSettings,
  serverContext = context,
): Promise<Shaken> {
  const [near, far] = duplexPair();
  const server = new TLSSocket(far, {
    isServer: true,
    secureContext: serverContext,
  });
  server.on('error', () => undefined);
  // Any duplex stream serves, as TLS wraps it in a socket of its own.
  const client = settings.wrap(near as Socket);
  try {
    await once(client, 'secureConnect');
    server.write('220 ready\r\n');
    await once(client, 'data');
    return {
      reused: client.isSessionReused(),
      servername: server.servername ?? null,
      protocol: client.getProtocol(),
    };
  } finally {
    client.destroy();
    server.destroy();
  }
}

describe('TlsSettings', () => {
  it('names the host to the server and takes its certificate', async () => {
    const shaken = await shake(new TlsSettings(relay()));

    expect(shaken).toEqual({
      reused: false,
      servername: 'relay.example',
      protocol: 'TLSv1.3',
    });
  });

  it('resumes the latest session, so that later handshakes are shorter', async () => {
    const settings = new TlsSettings(relay());
    const reused: boolean[] = [];
    for (let i = 0; i < 3; i += 1) reused.push((await shake(settings)).reused);

    expect(reused).toEqual([false, true, true]);
  });

  it('keeps sessions to itself', async () => {
    await shake(new TlsSettings(relay()));

    expect((await shake(new TlsSettings(relay()))).reused).toBe(false);
  });

  it('refuses a certificate that no known authority has signed', async () => {
    const settings = new TlsSettings(relay({ ca: undefined }));

    await expect(shake(settings)).rejects.toThrow(/self.signed/);
  });

  it('refuses it also when the environment says otherwise', async () => {
    vi.stubEnv('NODE_TLS_REJECT_UNAUTHORIZED', '0');
    const settings = new TlsSettings(relay({ ca: undefined }));

    await expect(shake(settings)).rejects.toThrow(/self.signed/);
  });

  it('refuses a certificate of another name', async () => {
    const settings = new TlsSettings({ ...relay(), host: 'other.example' });

    await expect(shake(settings)).rejects.toThrow(/altnames/);
  });

  it('verifies the name that was configured instead of the host', async () => {
    const settings = new TlsSettings({
      ...relay({ servername: 'relay.example' }),
      host: '127.0.0.1',
    });

    expect((await shake(settings)).servername).toBe('relay.example');
  });

  it('verifies an address as such and does not send it as a name', async () => {
    const settings = new TlsSettings({ ...relay(), host: '192.0.2.7' });
    const other = new TlsSettings({ ...relay(), host: '192.0.2.8' });

    expect((await shake(settings)).servername).toBe(false);
    await expect(shake(other)).rejects.toThrow(/IP/);
  });

  it('refuses TLS 1.1', async () => {
    await expect(shake(new TlsSettings(relay()), oldContext)).rejects.toThrow(
      /protocol version/,
    );
  });
});

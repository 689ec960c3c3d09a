// The sink's own process: takes mail as fast as it can, and counts it.
import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import {
  createServer as createTlsServer,
  createSecureContext,
  TLSSocket,
} from 'node:tls';
import { localCertificate } from '../../lib/testing/fake-sendgrid/certificate.js';
import { noCounts } from './counts.js';
import type { SinkMessage } from './protocol.js';
import { Session } from './session.js';

const counts = noCounts();
const { key, cert } = await localCertificate();
const secureContext = createSecureContext({ key, cert });

function tell(message: SinkMessage): void {
  process.send?.(message);
}

async function listen(server: Server): Promise<number> {
  server.listen({ port: 0, host: '127.0.0.1', backlog: 4096 });
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') {
    throw new Error('The sink listens on no port');
  }
  return address.port;
}

function serve(socket: Socket, startTls?: (socket: Socket) => void): void {
  counts.connections += 1;
  Session.greet(socket, { counts, startTls });
}

function upgrade(socket: Socket): void {
  const tls = new TLSSocket(socket, { isServer: true, secureContext });
  Session.resume(tls, { counts, startTls: undefined });
}

const ports = {
  plain: await listen(
    createServer({ noDelay: true }, (socket) => serve(socket)),
  ),
  starttls: await listen(
    createServer({ noDelay: true }, (socket) => serve(socket, upgrade)),
  ),
  implicit: await listen(
    createTlsServer({ noDelay: true, key, cert }, (socket) => serve(socket)),
  ),
  ca: cert,
};

process.on('message', () => {
  tell({ kind: 'counts', counts: { ...counts } });
  Object.assign(counts, noCounts());
});
// The parent is gone, and with it every reason to go on.
process.on('disconnect', () => process.exit());
tell({ kind: 'ready', ports });

import { localCertificate } from './certificate.js';
import { FakeServer } from './fake-server.js';
import type { RelayState } from './relay-state.js';

/** A running server. */
export interface RunningServer {
  readonly port: number;

  /** PEM of the certificate, its own authority. */
  readonly ca: string;

  stop(): Promise<void>;
}

/** Starts a server on 127.0.0.1; loads every package the fake relay needs. */
export async function startServer(state: RelayState): Promise<RunningServer> {
  const certificate = await localCertificate();
  const server = new FakeServer(state, certificate);
  const port = await server.start();
  return { port, ca: certificate.cert, stop: () => server.stop() };
}

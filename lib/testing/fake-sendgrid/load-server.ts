import { FakeSendGridError } from './fake-sendgrid.error.js';
import type { startServer } from './start-server.js';

const PEERS = ['smtp-server', 'postal-mime', 'selfsigned'] as const;

/**
 * Loads the server, and with it the packages it stands on. They are optional
 * peers, so only those who start a fake relay need them.
 */
export async function loadServer(): Promise<{
  startServer: typeof startServer;
}> {
  try {
    return await import('./start-server.js');
  } catch (error) {
    throw explainMissingPeer(error);
  }
}

/** Names the missing package and how to install it; other errors stay as they are. */
export function explainMissingPeer(error: unknown): unknown {
  if (!(error instanceof Error) || !isMissingModule(error)) return error;
  const peer = PEERS.find((name) =>
    new RegExp(`Cannot find (package|module) '${name}(/|')`).test(
      error.message,
    ),
  );
  if (peer === undefined) return error;
  return new FakeSendGridError(
    'MISSING_PEER',
    `FakeSendGrid needs the package ${peer}, which is not installed. Run: npm install --save-dev ${PEERS.join(' ')}`,
    { cause: error },
  );
}

function isMissingModule(error: Error): boolean {
  return (
    'code' in error &&
    (error.code === 'ERR_MODULE_NOT_FOUND' || error.code === 'MODULE_NOT_FOUND')
  );
}

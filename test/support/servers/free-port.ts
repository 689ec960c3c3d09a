import { once } from 'node:events';
import { createServer } from 'node:net';

/** Below those that systems give to outgoing connections by themselves. */
const FIRST = 15_000;
const LAST = 32_000;

/**
 * A port of 127.0.0.1 that nothing listens on at present, and that stays free
 * while a server of it is started anew.
 */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = FIRST + Math.floor(Math.random() * (LAST - FIRST));
    if (await isFree(port)) return port;
  }
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer().listen(port, '127.0.0.1');
  try {
    await once(server, 'listening');
  } catch {
    return false;
  }
  server.close();
  await once(server, 'close');
  return true;
}

import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it } from 'vitest';
import { LiveStreams } from '../../../lib/mailbox/http/live-streams.js';
import { loadReader } from '../../../lib/mailbox/mail/load-reader.js';
import { Mailbox } from '../../../lib/mailbox/mailbox.js';
import { resolveMailboxOptions } from '../../../lib/mailbox/options/resolve-mailbox-options.js';
import { PoolView } from '../../../lib/mailbox/pool/pool-view.js';

it('opens no stream that nobody would end once the mailbox is closed', async () => {
  const mailbox = new Mailbox(resolveMailboxOptions({}), await loadReader());
  const streams = new LiveStreams(mailbox, new PoolView(mailbox));
  const server = createServer((_request, response) => streams.open(response));
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  mailbox.close();
  streams.close();

  const answer = await fetch(`http://127.0.0.1:${port}/`);

  // The browser asks again, and a closed connection is not asked again.
  expect(answer.status).toBe(200);
  expect(answer.headers.get('connection')).toBe('close');
  await expect(answer.text()).resolves.toBe('retry: 1000\n\n');
  server.close();
  await once(server, 'close');
});

import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { afterEach } from 'vitest';

import { admitUrl } from '../../../../lib/message/urls/admit-url.js';
import type { FetchSettings } from '../../../../lib/message/urls/fetch-url.js';
import { UrlStream } from '../../../../lib/message/urls/url-stream.js';
import { AllowedUrls } from '../../../../lib/options/allowed-urls.js';
import { localCertificate } from '../../../../lib/testing/fake-sendgrid/certificate.js';

const FIELD = 'attachments[0].href';

/** A web server on loopback. */
export interface AServer {
  readonly origin: string;
  readonly port: number;

  /** What was asked of it, `GET /path`. */
  readonly asked: string[];
}

const servers = new Set<Server>();

afterEach(async () => {
  for (const server of servers) {
    server.close();
    server.closeAllConnections();
  }
  servers.clear();
});

/** Starts a server that ends with the test. */
export async function serving(
  listener: RequestListener,
  scheme: 'http' | 'https' = 'http',
): Promise<AServer> {
  const asked: string[] = [];
  const noting: RequestListener = (request, response) => {
    asked.push(`${request.method} ${request.url}`);
    listener(request, response);
  };
  const server =
    scheme === 'http'
      ? createServer(noting)
      : createTlsServer(await localCertificate(), noting);
  servers.add(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return { origin: `${scheme}://127.0.0.1:${port}`, port, asked };
}

/** A server that redirects to whatever the path holds. */
export function redirecting(status = 302): Promise<AServer> {
  return serving(({ url = '' }, response) => {
    const location = decodeURIComponent(url.slice(1));
    response.writeHead(status, { location }).end('moved');
  });
}

export type Given = Partial<FetchSettings> & { readonly list?: string[] };

/** The stream of a URL; its own origin is allowed unless `list` is given. */
export function streamOf(url: string, given: Given = {}): UrlStream {
  const { list = [new URL(url).origin], ...settings } = given;
  const allowed = new AllowedUrls(list);
  return new UrlStream(admitUrl(url, FIELD, allowed), {
    allowed,
    timeoutMs: 10_000,
    maxBytes: 1_000_000,
    ...settings,
  });
}

export async function fetched(url: string, given?: Given): Promise<string> {
  return (await buffer(streamOf(url, given))).toString();
}

import type { IncomingMessage, ServerResponse } from 'node:http';

/** A request as the platforms hand it on: Fastify wraps Node's. */
export type PlatformRequest =
  IncomingMessage | { readonly raw: IncomingMessage };

/** What Express and Fastify have alike of a response. */
export interface PlatformReply {
  status(code: number): unknown;
  header(name: string, value: string): unknown;
  send(body: Buffer): unknown;
}

/** What Fastify has to take its hands off a response. */
interface FastifyReply {
  readonly raw: ServerResponse;
  hijack(): unknown;
}

/** Node's own request. */
export function nodeRequest(request: PlatformRequest): IncomingMessage {
  return 'raw' in request ? request.raw : request;
}

/** Node's own response, which the platform leaves alone from now on. */
export function nodeResponse(
  reply: ServerResponse | FastifyReply,
): ServerResponse {
  if (!('hijack' in reply)) return reply;
  reply.hijack();
  return reply.raw;
}

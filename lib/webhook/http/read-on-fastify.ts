import type { IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
import { isAt, refusalOf, type Reading } from './reading.js';

type Done = (error: Error | null, payload?: Readable) => void;
type PreParsing = (
  request: { readonly raw: IncomingMessage },
  reply: unknown,
  payload: Readable,
  done: Done,
) => void;

/** What of a route is set before Fastify takes it. */
interface Route {
  readonly method: string | readonly string[];
  readonly url: string;
  bodyLimit?: number;
  preParsing?: PreParsing | PreParsing[];
}

/** What of a Fastify instance reads bodies first. */
interface FastifyInstance {
  addHook(name: 'onRoute', hook: (route: Route) => void): unknown;
}

/**
 * Has Fastify read the bodies before its parsers do, with a limit of their own.
 *
 * @returns whether it can be done
 */
export function readOnFastify(instance: unknown, reading: Reading): boolean {
  if (!isFastify(instance)) return false;
  const preParsing = hookOf(reading);
  instance.addHook('onRoute', (route) => {
    const isOurs =
      [route.method].flat().includes('POST') && isAt(route.url, reading);
    if (!isOurs) return;
    route.bodyLimit = reading.maxBodyBytes;
    route.preParsing = [preParsing, ...[route.preParsing ?? []].flat()];
  });
  return true;
}

function hookOf(reading: Reading): PreParsing {
  return ({ raw }, _reply, payload, done) => {
    reading.bodies.read(raw, payload, (unread) => {
      if (unread !== undefined) return done(refusalOf(unread, reading));
      // What parses next gets a list without events, and nothing to compare it to.
      delete raw.headers['content-length'];
      raw.headers['content-type'] = 'application/json';
      done(null, Readable.from([Buffer.from('[]')], { objectMode: false }));
    });
  };
}

function isFastify(instance: unknown): instance is FastifyInstance {
  return typeof Reflect.get(Object(instance), 'addHook') === 'function';
}

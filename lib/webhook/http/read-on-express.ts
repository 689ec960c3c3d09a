import type { IncomingMessage } from 'node:http';
import { isAt, refusalOf, type Reading } from './reading.js';

type Next = (error?: unknown) => void;
type Middleware = (
  request: IncomingMessage,
  response: unknown,
  next: Next,
) => void;

/** What of an Express application reads bodies first. */
interface ExpressApplication {
  use(middleware: Middleware): unknown;
  readonly router: { readonly stack: unknown[] };
}

/**
 * Has Express read the bodies before its parsers do, which Nest has put in by
 * now: a parser would change the bytes, and refuse more than 100 kB.
 *
 * @returns whether it can be done
 */
export function readOnExpress(application: unknown, reading: Reading): boolean {
  if (!isExpress(application)) return false;
  application.use(middlewareOf(reading));
  const { stack } = application.router;
  stack.unshift(stack.pop());
  return true;
}

function middlewareOf(reading: Reading): Middleware {
  return function readSendGridWebhook(request, _response, next) {
    const isOurs =
      request.method === 'POST' && isAt(request.url ?? '', reading);
    if (!isOurs) return next();
    reading.bodies.read(request, request, (unread) =>
      next(unread && refusalOf(unread, reading)),
    );
  };
}

function isExpress(application: unknown): application is ExpressApplication {
  const own = Object(application);
  const router: unknown = Reflect.get(own, 'router');
  return (
    typeof Reflect.get(own, 'use') === 'function' &&
    Array.isArray(Reflect.get(Object(router), 'stack'))
  );
}

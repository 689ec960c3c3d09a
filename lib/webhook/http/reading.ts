import {
  PayloadTooLargeException,
  RequestTimeoutException,
  ServiceUnavailableException,
  type HttpException,
} from '@nestjs/common';
import type { RawBodies, Unread } from './raw-bodies.js';

/** Where which bodies are read, before anything else parses them. */
export interface Reading {
  readonly bodies: RawBodies;
  readonly maxBodyBytes: number;

  /** Path of the controller, without slashes at its ends. */
  readonly path: string;
}

/**
 * Tells whether a path leads to the controller. Prefixes are not known here,
 * and a POST to another path that ends the same would only miss its body parser.
 */
export function isAt(url: string, { path }: Reading): boolean {
  const [route = ''] = url.split('?', 1);
  const given = segmentsOf(route);
  const wanted = segmentsOf(path);
  const prefix = given.length - wanted.length;
  return (
    prefix >= 0 &&
    wanted.every(
      (name, at) => name.startsWith(':') || name === given[prefix + at],
    )
  );
}

/** In lower case, as Express tells no case from the other. */
function segmentsOf(path: string): string[] {
  return path
    .toLowerCase()
    .split('/')
    .filter((name) => name !== '');
}

/** What a post whose body was not read is answered with. */
export function refusalOf(
  unread: Unread,
  { maxBodyBytes }: Reading,
): HttpException {
  switch (unread) {
    case 'too-large':
      return new PayloadTooLargeException(
        `The body has more than ${maxBodyBytes} bytes.`,
      );
    case 'too-slow':
      return new RequestTimeoutException('The body has not come in time.');
    case 'too-many':
      return new ServiceUnavailableException('Too many posts are being read.');
  }
}

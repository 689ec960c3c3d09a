import { PayloadTooLargeException } from '@nestjs/common';
import type { RawBodies } from './raw-bodies.js';

/** Where which bodies are read, before anything else parses them. */
export interface Reading {
  readonly bodies: RawBodies;
  readonly maxBytes: number;

  /** Path of the controller, without slashes at its ends. */
  readonly path: string;
}

/**
 * Tells whether a path leads to the controller. Prefixes are not known here,
 * and a POST to another path that ends the same would only miss its body parser.
 */
export function isAt(url: string, { path }: Reading): boolean {
  const [route = ''] = url.split('?', 1);
  const trimmed = route.endsWith('/') ? route.slice(0, -1) : route;
  return trimmed.endsWith(`/${path}`);
}

/** What a body that is too large is answered with: 413. */
export function tooLarge({ maxBytes }: Reading): PayloadTooLargeException {
  return new PayloadTooLargeException(
    `The body has more than ${maxBytes} bytes.`,
  );
}

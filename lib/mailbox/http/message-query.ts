import { BadRequestException } from '@nestjs/common';
import type { Query } from '../mail/entry.js';

const LIMIT = 200;
const LONGEST_WAIT_MS = 30_000;

/** What `GET .../messages` is asked for. */
export interface MessageQuery {
  readonly query: Query;
  readonly limit: number;

  /** How long to wait for a first match, in milliseconds. */
  readonly waitMs: number;
}

/**
 * Reads the query of a URL.
 *
 * @throws BadRequestException for a number that is none
 */
export function messageQuery(
  given: Readonly<Record<string, unknown>>,
): MessageQuery {
  const words = textOf(given['search']).toLowerCase().split(/\s+/);
  const to = textOf(given['to']).trim().toLowerCase();
  return {
    query: {
      words: words.filter((word) => word !== ''),
      to: to === '' ? undefined : to,
    },
    limit: numberOf('limit', given['limit'], LIMIT, 10_000),
    waitMs: numberOf('waitMs', given['waitMs'], 0, LONGEST_WAIT_MS),
  };
}

/** A parameter that is given twice counts for nothing. */
function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function numberOf(
  name: string,
  value: unknown,
  standard: number,
  max: number,
): number {
  if (value === undefined) return standard;
  const number = textOf(value) === '' ? Number.NaN : Number(value);
  if (Number.isInteger(number) && number >= 0 && number <= max) return number;
  throw new BadRequestException(
    `\`${name}\` must be a whole number from 0 to ${max}.`,
  );
}

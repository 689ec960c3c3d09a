import { isUint8Array } from 'node:util/types';

/** The bytes that a copied value takes at least once it is JSON. */
export function leastBytes(value: unknown): number {
  if (typeof value === 'string') return value.length;
  if (typeof value !== 'object' || value === null) return 0;
  if (isUint8Array(value)) return Math.ceil(value.byteLength / 3) * 4;
  let bytes = 0;
  for (const item of Object.values(value)) bytes += leastBytes(item);
  return bytes;
}

const NEEDS_ESCAPES = /[^ !#-[\]-~]/;

/** Writes compact JSON in ASCII: `\u00e9` for é, and pairs of these for emoji. */
export function asciiJson(value: unknown): string {
  return JSON.stringify(value).replace(
    /[\x7f-\uffff]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** How many octets a string takes in ASCII JSON, with its quotes. */
export function jsonOctets(text: string): number {
  return NEEDS_ESCAPES.test(text) ? asciiJson(text).length : text.length + 2;
}

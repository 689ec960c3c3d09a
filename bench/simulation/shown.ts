/** A whole number with separators. */
export function whole(value: number): string {
  return Math.round(value).toLocaleString('en-US');
}

/** Seconds in the unit that suits them. */
export function time(seconds: number): string {
  if (seconds >= 90) return `${(seconds / 60).toFixed(1)} min`;
  if (seconds >= 1) return `${seconds.toFixed(1)} s`;
  return `${whole(seconds * 1000)} ms`;
}

/** Bytes in megabytes or gigabytes. */
export function memory(bytes: number): string {
  const gigabytes = bytes / 1e9;
  return gigabytes >= 1
    ? `${gigabytes.toLocaleString('en-US', { maximumSignificantDigits: 3 })} GB`
    : `${whole(bytes / 1e6)} MB`;
}

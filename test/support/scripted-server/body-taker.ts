/** What was taken from the front of some input, and what is left of it. */
export type Taken =
  { readonly line: string; readonly rest: string } | undefined;

/** A whole line without its end, once there is one. */
export function takeLine(input: string): Taken {
  const end = input.indexOf('\r\n');
  if (end === -1) return undefined;
  return { line: input.slice(0, end), rest: input.slice(end + 2) };
}

const END = '\r\n.\r\n';

/** Collects a body without looking at any of it twice. */
export class BodyTaker {
  // The line end of DATA counts: a body may be nothing but its dot.
  #tail = '\r\n';
  readonly #parts: string[] = [];

  /** What has come of the body so far. */
  get text(): string {
    return this.#parts.join('');
  }

  take(input: string): Taken {
    const seen = this.#tail + input;
    const end = seen.indexOf(END);
    if (end === -1) {
      this.#parts.push(input);
      this.#tail = seen.slice(-END.length + 1);
      return undefined;
    }
    const rest = seen.slice(end + END.length);
    const all = this.text + input;
    return { line: all.slice(0, all.length - rest.length - 3), rest };
  }
}

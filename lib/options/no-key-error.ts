/**
 * Why the function given as `apiKey` gave no key, and what to do. Never holds
 * what the function returned.
 */
export class NoKeyError extends Error {
  override readonly name = 'NoKeyError';

  /** Whether it returned something that is no key, rather than nothing. */
  readonly malformed: boolean;

  constructor(
    message: string,
    details: { readonly malformed?: boolean; readonly cause?: unknown } = {},
  ) {
    super(message, { cause: details.cause });
    this.malformed = details.malformed ?? false;
  }
}

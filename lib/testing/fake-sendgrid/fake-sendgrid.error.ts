/** What the fake relay complains of, as a stable string. */
export type FakeSendGridErrorCode =
  'MISSING_PEER' | 'INVALID_OPTIONS' | 'TIMED_OUT' | 'STOPPED';

/** Thrown by {@link FakeSendGrid}; says what happened and what to do. */
export class FakeSendGridError extends Error {
  override readonly name = 'FakeSendGridError';

  /** What went wrong. */
  readonly code: FakeSendGridErrorCode;

  constructor(
    code: FakeSendGridErrorCode,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.code = code;
  }
}

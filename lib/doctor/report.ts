/** How a check came out; `warning` is for what works, or is not in use. */
type CheckStatus = 'ok' | 'warning' | 'failed' | 'skipped';

/** One thing that was looked at. */
export interface Check {
  /** Such as `DNS` or `port 587`. */
  readonly name: string;

  readonly status: CheckStatus;

  /** What was found, in one line. */
  readonly found: string;

  /** What to change, when something is to be changed. */
  readonly advice?: string | undefined;

  /** The same in numbers and names, for programs. */
  readonly facts?: Readonly<Record<string, unknown>> | undefined;
}

/** All that was looked at. */
export interface Report {
  /** Whether nothing has failed. */
  readonly ok: boolean;

  readonly host: string;

  /** The port in use. */
  readonly port: number;

  readonly checks: readonly Check[];
}

/** Puts checks together. */
export function reportOf(
  host: string,
  port: number,
  checks: readonly Check[],
): Report {
  const ok = checks.every(({ status }) => status !== 'failed');
  return { ok, host, port, checks };
}

import type { MailErrorCode } from '../../errors/mail-error.js';

/** Why a message is not tried any more, as the engine keeps it: one text. */
export interface FailureReason {
  readonly code: string;
  readonly message: string;
}

const UNCERTAIN: MailErrorCode = 'OUTCOME_UNKNOWN';

/** The reason as a text that dashboards show. */
export function failureText({ code, message }: FailureReason): string {
  return `${code}: ${message}`;
}

/** Reads the text back; what the engine itself says has the code `ENGINE`. */
export function failureOf(text: string | undefined): FailureReason {
  const [, code = 'ENGINE', message = text ?? ''] =
    /^([A-Z][A-Z_]+): (.*)$/s.exec(text ?? '') ?? [];
  return { code, message };
}

/** Whether the message may have been sent. */
export function isUncertain({ code }: FailureReason): boolean {
  return code === UNCERTAIN;
}

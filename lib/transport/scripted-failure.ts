import { rejection } from '../delivery/verdict-errors.js';
import { MailError, isMailError } from '../errors/mail-error.js';
import type { ReplyInfo } from '../errors/reply-info.js';

/**
 * What a captured send fails with: an error, or the relay's reply, either as
 * one line (`'550 5.1.1 No such user'`) or in parts.
 */
export type ScriptedFailure = Error | ReplyInfo | string;

/** Makes the error that a send meets with the scripted failure. */
export function scriptedError(failure: ScriptedFailure): MailError {
  if (isMailError(failure)) return failure;
  if (failure instanceof Error) {
    return new MailError('RELAY_UNAVAILABLE', failure.message, {
      scope: 'connection',
      retryable: true,
      cause: failure,
    });
  }
  const reply = typeof failure === 'string' ? parseReply(failure) : failure;
  return rejection({ reply, command: 'DATA' });
}

function parseReply(line: string): ReplyInfo {
  const [, code, text] = /^([45]\d\d)[ -]?(.*)$/s.exec(line) ?? [];
  if (code === undefined || text === undefined) {
    throw new TypeError(
      `failNext: ${JSON.stringify(line)} is not a refusal; ` +
        'write a reply that starts with 4 or 5, such as "550 No such user".',
    );
  }
  return { code: Number(code), text };
}

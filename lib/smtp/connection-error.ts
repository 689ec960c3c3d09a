import { replyLine, type Reply } from './reply.js';

/** How far a connection had come when it failed. */
export type ConnectionStage =
  'connect' | 'tls' | 'greeting' | 'ehlo' | 'starttls' | 'auth' | 'session';

/**
 * What kind of end it was: `silence` when the relay did not answer in time,
 * `desync` when its replies made no sense, `deliberate` when this side closed
 * it for a reason of its own, and else `loss`.
 */
export type ConnectionErrorNature =
  'loss' | 'silence' | 'desync' | 'deliberate';

/** What is known beyond the message. */
export interface ConnectionErrorDetails {
  readonly reply?: Reply | undefined;
  readonly nature?: ConnectionErrorNature;
  readonly cause?: unknown;
}

/** Why a connection could not be set up, or was lost. Never holds a secret. */
export class ConnectionError extends Error {
  override readonly name = 'ConnectionError';
  readonly stage: ConnectionStage;
  readonly reply: Reply | undefined;
  readonly nature: ConnectionErrorNature;

  constructor(
    stage: ConnectionStage,
    message: string,
    details: ConnectionErrorDetails = {},
  ) {
    super(
      details.reply === undefined
        ? message.replaceAll(/\s+/g, ' ')
        : `${message}: ${replyLine(details.reply)}`,
      { cause: details.cause },
    );
    this.stage = stage;
    this.reply = details.reply;
    this.nature = details.nature ?? 'loss';
  }

  /** Whether the relay has refused the key for good (RFC 4954 section 6). */
  get credentialsRefused(): boolean {
    return this.stage === 'auth' && isCredentialCode(this.reply?.code);
  }
}

function isCredentialCode(code: number | undefined): boolean {
  return code === 534 || code === 535 || code === 538;
}

/** Puts whatever broke a set-up into the terms of its stage. */
export function asConnectionError(
  cause: unknown,
  stage: ConnectionStage,
): ConnectionError {
  if (cause instanceof ConnectionError) return cause;
  const reason = cause instanceof Error ? cause.message : String(cause);
  const message = `The connection could not be set up (${reason})`;
  return new ConnectionError(stage, message, { cause });
}

import type { KeySource } from '../options/key-source.js';
import type { Security } from '../options/resolved-options.js';
import type { Secret } from '../options/secret.js';
import type { Capabilities } from './capabilities.js';
import type { Channel, ReplyReceiver } from './channel.js';
import { commandLine } from './command.js';
import { ConnectionError } from './connection-error.js';
import { patience } from './behind.js';
import type { PipelineSettings } from './pipeline-host.js';
import { isPositive, type Reply } from './reply.js';

/** AUTH PLAIN with its initial response (RFC 4954): one command, one reply. */
export class Authentication implements ReplyReceiver {
  readonly #channel: Channel;
  readonly #settings: PipelineSettings;
  readonly #key: string;
  readonly #onSuccess: () => void;
  #grouped = false;

  constructor(
    channel: Channel,
    settings: PipelineSettings,
    key: string,
    onSuccess: () => void,
  ) {
    this.#channel = channel;
    this.#settings = settings;
    this.#key = key;
    this.#onSuccess = onSuccess;
  }

  /**
   * What to report when the session ends before its first message has: a
   * trial that came to nothing is no fault of the relay, and another
   * connection goes without.
   */
  explain(error: ConnectionError): ConnectionError {
    const refused = error.stage === 'auth' ? error.reply : undefined;
    if (!this.#onTrial || isTemporary(refused)) return error;
    return triedInVain(error);
  }

  /** Writes the command; `grouped` when an envelope follows at once. */
  send(grouped: boolean): void {
    this.#grouped = grouped;
    this.#channel.stage = 'auth';
    this.#channel.write(commandLine(`AUTH PLAIN ${this.#secret}`));
    this.#channel.expect(this);
  }

  patienceMs(): number {
    return patience(this.#grouped ? 'auth' : undefined, this.#settings);
  }

  receive(reply: Reply): void {
    if (reply.code !== 235) return this.#channel.fail(this.#refusal(reply));
    if (!this.#grouped) this.#settings.policy.clean('auth');
    this.#onSuccess();
  }

  /** Whether an envelope has gone out behind it on trust. */
  get #onTrial(): boolean {
    return this.#grouped && !this.#settings.policy.isProven('auth');
  }

  get #secret(): string {
    return Buffer.from(`\0apikey\0${this.#key}`).toString('base64');
  }

  #refusal(reply: Reply): ConnectionError {
    if (this.#onTrial && !isTemporary(reply)) {
      this.#settings.policy.refused('auth', `the relay answered ${reply.code}`);
    }
    // Keys of an unusual shape are not recognised elsewhere.
    const text = [this.#key, this.#secret].reduce(
      (shown, hidden) => shown.replaceAll(hidden, '[redacted]'),
      reply.text,
    );
    const what = isPositive(reply)
      ? 'The relay gave an unexpected reply'
      : 'The relay refused the API key';
    return new ConnectionError('auth', what, { reply: { ...reply, text } });
  }
}

/** A relay that answers so has understood the command. */
function isTemporary(reply: Reply | undefined): boolean {
  return reply !== undefined && reply.code >= 400 && reply.code < 500;
}

function triedInVain(cause: ConnectionError): ConnectionError {
  return new ConnectionError(
    cause.stage,
    'AUTH with an envelope behind it came to nothing',
    { nature: 'deliberate', cause },
  );
}

/**
 * The key for a new connection, if there is one.
 *
 * @throws ConnectionError when its function has never given any
 */
export async function keyFrom(keys: KeySource): Promise<Secret | undefined> {
  try {
    return await keys.get();
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new ConnectionError('auth', reason, { cause });
  }
}

/**
 * Makes sure that a key may be given on this session.
 *
 * @throws ConnectionError where there is no safe way to give it
 */
export function checkSafety(
  security: Security,
  capabilities: Capabilities,
  remoteAddress: string | undefined,
): void {
  if (security === 'none' && !isLoopback(remoteAddress)) {
    throw new ConnectionError(
      'auth',
      'The key was not sent: without TLS it may only go to a loopback address',
    );
  }
  if (!capabilities.authPlain) {
    throw new ConnectionError('auth', 'The relay does not offer AUTH PLAIN');
  }
}

function isLoopback(address: string | undefined): boolean {
  return /^(?:::ffff:)?127\.|^::1$/.test(address ?? '');
}

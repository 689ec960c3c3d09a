import { DEFAULTS } from './defaults.js';
import { OptionGroup } from './option-group.js';
import type { ResolvedTimeouts } from './resolved-options.js';
import { Milliseconds } from './rules.js';

/**
 * Time limits of the wire, in milliseconds: whole numbers from 1 to
 * 2,147,483,647, the longest a timer can wait.
 */
export interface SendGridSmtpTimeoutOptions {
  /**
   * For the TCP connection, and again for TLS.
   *
   * @defaultValue 10000
   */
  readonly connectMs?: number | undefined;

  /**
   * For the relay's greeting once connected.
   *
   * @defaultValue 30000
   */
  readonly greetingMs?: number | undefined;

  /**
   * For the reply to a command.
   *
   * @defaultValue 60000
   */
  readonly commandMs?: number | undefined;

  /**
   * For the verdict once a message is fully written. RFC 5321 asks for 10
   * minutes; giving up earlier leaves the outcome unknown.
   *
   * @defaultValue 600000
   */
  readonly acceptMs?: number | undefined;
}

/** Validates {@link SendGridSmtpTimeoutOptions}. */
export class TimeoutOptions extends OptionGroup implements ResolvedTimeouts {
  @Milliseconds()
  readonly connectMs = DEFAULTS.timeouts.connectMs;

  @Milliseconds()
  readonly greetingMs = DEFAULTS.timeouts.greetingMs;

  @Milliseconds()
  readonly commandMs = DEFAULTS.timeouts.commandMs;

  @Milliseconds()
  readonly acceptMs = DEFAULTS.timeouts.acceptMs;
}

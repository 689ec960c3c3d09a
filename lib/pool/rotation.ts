import type { ResolvedPoolOptions } from '../options/resolved-options.js';
import type { SmtpConnection } from '../smtp/smtp-connection.js';

/** Share of the cap over which connections of one age spread their end. */
const JITTER = 0.1;

/** When one connection is to be replaced: near its message cap, or of old age. */
export class Rotation {
  readonly #cap: number;
  readonly #expiresAt: number;

  /** Whether its replacement has been asked for. */
  standbyAsked = false;

  constructor(options: ResolvedPoolOptions, random = Math.random) {
    const { maxMessagesPerConnection: cap, maxLifetimeMs } = options;
    this.#cap = cap - Math.floor(random() * cap * JITTER);
    const life = maxLifetimeMs * (1 - random() * JITTER);
    this.#expiresAt = performance.now() + life;
  }

  /** Whether it may be given nothing more. */
  due(connection: SmtpConnection): boolean {
    return (
      connection.assigned >= this.#cap || performance.now() >= this.#expiresAt
    );
  }

  /** Whether its end is near enough, at its present rate, to set up another. */
  nears(connection: SmtpConnection, setUpMs: number): boolean {
    const now = performance.now();
    const perMessageMs = (now - connection.readyAt) / connection.assigned;
    const left = this.#cap - connection.assigned;
    return (
      left <= 1 ||
      left * perMessageMs <= 2 * setUpMs ||
      this.#expiresAt - now <= 2 * setUpMs
    );
  }
}

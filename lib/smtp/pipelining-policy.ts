import type { Pipelining } from '../options/resolved-options.js';

/** How envelopes are written at present. */
export type PipeliningMode = 'lockstep' | 'envelope' | 'oneflight';

/** Whether the next envelope may go out behind a body. */
export type RidePermission = 'no' | 'probe' | 'yes';

/** Clean messages on a host before one-flight is tried. */
const CLEAN_BEFORE_PROBE = 3;

/** Probes whose connection may be lost before that counts as a refusal. */
const MAX_LOST_PROBES = 2;

/** How long a host that refused one-flight is not asked again: a day. */
const FORGET_AFTER_MS = 86_400_000;

/**
 * What one relay is known to bear. `auto` starts with grouped envelopes, tries
 * one envelope behind a body after a few clean messages, and stays with the
 * answer. A forced mode, too, gives way when the relay refuses it.
 */
export class PipeliningPolicy {
  readonly #option: Pipelining;
  readonly #onChange: (mode: PipeliningMode, reason: string) => void;
  #offered = true;
  #state: 'learning' | 'probing' | 'proven' | 'refused';
  #refusedAt = 0;
  #clean = 0;
  #lostProbes = 0;

  constructor(
    option: Pipelining,
    onChange: (mode: PipeliningMode, reason: string) => void = () => undefined,
  ) {
    this.#option = option;
    this.#onChange = onChange;
    this.#state = option === 'oneflight' ? 'proven' : 'learning';
  }

  /** The relay's EHLO reply has come; until then it is thought to offer it. */
  offers(pipelining: boolean): void {
    this.#offered = pipelining;
  }

  /** Whether MAIL, RCPT and DATA are grouped where PIPELINING is offered. */
  get groups(): boolean {
    return this.#option !== 'off';
  }

  get mode(): PipeliningMode {
    if (!this.groups || !this.#offered) return 'lockstep';
    return this.#state === 'proven' ? 'oneflight' : 'envelope';
  }

  /** Asked when a body is about to leave; `probe` allows one such envelope. */
  get ride(): RidePermission {
    if (!this.groups || this.#option === 'envelope') return 'no';
    if (this.#state === 'proven') return 'yes';
    if (this.#state === 'refused') this.#maybeForget();
    const due = this.#clean >= CLEAN_BEFORE_PROBE;
    return this.#state === 'learning' && due ? 'probe' : 'no';
  }

  /** A message went through with nothing behind it. */
  clean(): void {
    this.#clean += 1;
  }

  /** A probe is on the wire; no other starts until it is answered. */
  probing(): void {
    this.#state = 'probing';
  }

  get isProbing(): boolean {
    return this.#state === 'probing';
  }

  /** An envelope behind a body was answered in full. */
  answered(): void {
    if (this.#state !== 'probing') return;
    this.#state = 'proven';
    this.#onChange(this.mode, 'the relay answered an envelope behind a body');
  }

  /** An envelope behind a body was refused. */
  refused(reason: string): void {
    if (this.#state === 'refused' || !this.groups) return;
    this.#state = 'refused';
    this.#refusedAt = performance.now();
    this.#onChange(this.mode, reason);
  }

  /**
   * The connection ended before an envelope behind a body was answered.
   * Silence counts as a refusal, and so does a second lost probe; connections
   * are closed for many other reasons.
   */
  unanswered(silent: boolean): void {
    if (this.#state === 'probing') this.#lostProbes += 1;
    if (silent || this.#lostProbes >= MAX_LOST_PROBES) {
      this.refused('the relay did not answer an envelope behind a body');
    } else this.inconclusive();
  }

  /** A probe came to nothing for a reason of its own: try another. */
  inconclusive(): void {
    if (this.#state === 'probing') this.#state = 'learning';
  }

  #maybeForget(): void {
    if (performance.now() - this.#refusedAt < FORGET_AFTER_MS) return;
    this.#state = 'learning';
    this.#clean = 0;
    this.#lostProbes = 0;
  }
}

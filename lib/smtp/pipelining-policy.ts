import type { Pipelining } from '../options/resolved-options.js';
import { PerHost } from './per-host.js';
import { Trial } from './trial.js';

/** How envelopes are written at present. */
export type PipeliningMode = 'lockstep' | 'envelope' | 'oneflight';

/** What an envelope may go out behind, before that has been answered. */
export type Behind = 'auth' | 'body';

/** Whether an envelope may go out behind something; `probe` allows one. */
export type Permission = 'no' | 'probe' | 'yes';

/** What was found out about a relay. */
export interface PipeliningChange {
  readonly behind: Behind;

  /** Whether an envelope goes out behind it from now on. */
  readonly allowed: boolean;

  readonly mode: PipeliningMode;
  readonly reason: string;
}

/** Called with each change and a line for the log. */
type OnChange = (text: string, change: PipeliningChange) => void;

/** Clean messages on a host before one-flight is tried. */
const CLEAN_BEFORE_PROBE = 3;

/** What one host is known to bear. */
export type HostTrials = Readonly<Record<Behind, Trial>>;

/** A host of which nothing is known. */
export function unknownHost(): HostTrials {
  return { auth: new Trial(1), body: new Trial(CLEAN_BEFORE_PROBE) };
}

const hosts = new PerHost(unknownHost);

/**
 * How one pool may group commands on its relay. `auto` starts with grouped
 * envelopes, tries one envelope behind a body and one behind AUTH after all
 * went well without, and stays with the answers, which every pool to that
 * host shares. A forced mode, too, gives way when the relay refuses it.
 */
export class PipeliningPolicy {
  readonly #option: Pipelining;
  readonly #trials: HostTrials;
  readonly #onChange: OnChange;
  #offered = true;

  constructor(
    option: Pipelining,
    trials: HostTrials = unknownHost(),
    onChange: OnChange = () => undefined,
  ) {
    this.#option = option;
    this.#trials = trials;
    this.#onChange = onChange;
  }

  /** The policy of a pool to `host`, with what this process knows of the host. */
  static of(
    host: string,
    option: Pipelining,
    onChange: OnChange,
  ): PipeliningPolicy {
    return new PipeliningPolicy(option, hosts.of(host), onChange);
  }

  /** The relay's EHLO reply has come; until then it is thought to offer it. */
  offers(pipelining: boolean): void {
    this.#offered = pipelining;
  }

  /** Whether commands are grouped where the relay takes that. */
  get groups(): boolean {
    return this.#offered && this.#option !== 'off';
  }

  get mode(): PipeliningMode {
    if (!this.groups) return 'lockstep';
    return this.permits('body') === 'yes' ? 'oneflight' : 'envelope';
  }

  /** Whether an envelope may go out behind `what` now. */
  permits(what: Behind): Permission {
    const option = this.#option;
    if (!this.groups || (option === 'envelope' && what === 'body')) return 'no';
    const trial = this.#trials[what];
    const { state } = trial;
    if (state === 'proven') return 'yes';
    if (option !== 'auto') return state === 'refused' ? 'no' : 'yes';
    return trial.due ? 'probe' : 'no';
  }

  /** Whether this host has answered an envelope behind `what` in full. */
  isProven(what: Behind): boolean {
    return this.#trials[what].state === 'proven';
  }

  /** All went well with nothing grouped behind `what`. */
  clean(what: Behind): void {
    this.#trials[what].clean();
  }

  /** An envelope goes out behind `what`. */
  begins(what: Behind): void {
    this.#trials[what].start();
  }

  /** It was answered in full. */
  answered(what: Behind): void {
    const before = this.permits(what);
    this.#trials[what].answered();
    const news = before !== 'yes' && this.permits(what) === 'yes';
    if (news) this.#report(what, 'the relay answered one');
  }

  /** It was refused. */
  refused(what: Behind, reason: string): void {
    if (this.#isRefused(what)) return;
    this.#trials[what].refused();
    this.#report(what, reason);
  }

  /**
   * The connection ended before it was answered. Silence and replies out of
   * step count as a refusal, and so do several losses in a row; connections
   * are closed for many other reasons.
   */
  unanswered(what: Behind, nature: 'loss' | 'silence' | 'desync'): void {
    if (nature !== 'loss') return this.refused(what, REASONS[nature]);
    if (this.#isRefused(what)) return;
    this.#trials[what].lost();
    if (this.#isRefused(what)) this.#report(what, REASONS.loss);
  }

  /** It came to nothing for a reason of its own: try another. */
  inconclusive(what: Behind): void {
    this.#trials[what].inconclusive();
  }

  #isRefused(what: Behind): boolean {
    return this.#trials[what].state === 'refused';
  }

  #report(behind: Behind, reason: string): void {
    const allowed = this.permits(behind) === 'yes';
    const now = allowed ? 'on' : 'off';
    const name =
      behind === 'body'
        ? `One-flight pipelining (an envelope behind a body) is ${now}`
        : `Grouped AUTH (an envelope behind AUTH) is ${now}`;
    const { mode } = this;
    this.#onChange(`${name}: ${reason}`, { behind, allowed, mode, reason });
  }
}

const REASONS = {
  loss: 'connections with one were lost',
  silence: 'the relay did not answer one',
  desync: 'the replies came out of step',
};

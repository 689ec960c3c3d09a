/** How long a refusal is remembered: a day. */
const FORGET_AFTER_MS = 86_400_000;

/** Attempts in a row whose connection may be lost before that counts as a refusal. */
const MAX_LOST = { trying: 2, proven: 5 };

type State = 'untried' | 'trying' | 'proven' | 'refused';

/**
 * Something that one host may or may not bear: tried once there is reason to
 * think so, one attempt at a time, and remembered.
 */
export class Trial {
  readonly #needed: number;
  #state: State = 'untried';
  #clean = 0;
  #lost = 0;
  #refusedAt = 0;

  /** @param needed how often all must have gone well without it before it is tried */
  constructor(needed: number) {
    this.#needed = needed;
  }

  get state(): State {
    if (this.#state === 'refused') this.#maybeForget();
    return this.#state;
  }

  /** Whether an attempt may start. */
  get due(): boolean {
    return this.state === 'untried' && this.#clean >= this.#needed;
  }

  /** All went well without it. */
  clean(): void {
    this.#clean += 1;
  }

  /** An attempt is on the wire; no other starts until it has ended. */
  start(): void {
    if (this.#state === 'untried') this.#state = 'trying';
  }

  /** An attempt was answered in full. */
  answered(): void {
    this.#lost = 0;
    if (this.#state !== 'refused') this.#state = 'proven';
  }

  refused(): void {
    this.#state = 'refused';
    this.#refusedAt = performance.now();
  }

  /** The connection of an attempt was lost, which may have other reasons. */
  lost(): void {
    this.#lost += 1;
    const { trying, proven } = MAX_LOST;
    const most = this.#state === 'proven' ? proven : trying;
    if (this.#lost >= most) this.refused();
    else this.inconclusive();
  }

  /** An attempt came to nothing for a reason of its own: make another. */
  inconclusive(): void {
    if (this.#state === 'trying') this.#state = 'untried';
  }

  #maybeForget(): void {
    if (performance.now() - this.#refusedAt < FORGET_AFTER_MS) return;
    this.#state = 'untried';
    this.#clean = 0;
    this.#lost = 0;
  }
}

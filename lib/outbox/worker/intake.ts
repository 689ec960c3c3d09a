import type { Brakeable } from './brake.js';

/**
 * How many jobs a worker has under way at once: as many as both its brake and
 * its share of the fleet admit.
 */
export class Intake implements Brakeable {
  readonly #worker: Brakeable;
  #ofBrake: number;
  #ofShare: number;

  constructor(worker: Brakeable, concurrency: number) {
    this.#worker = worker;
    this.#ofBrake = concurrency;
    this.#ofShare = concurrency;
  }

  /** What it could be, with all there is to share. */
  get most(): number {
    return this.#ofBrake;
  }

  /** Whether there is no share. */
  get isClosed(): boolean {
    return this.#ofShare === 0;
  }

  pause(): void {
    this.#ofBrake = 0;
    this.#apply();
  }

  resume(concurrency: number): void {
    this.#ofBrake = concurrency;
    this.#apply();
  }

  /** Takes so many by its share. */
  share(concurrency: number): void {
    this.#ofShare = concurrency;
    this.#apply();
  }

  #apply(): void {
    const concurrency = Math.min(this.#ofBrake, this.#ofShare);
    if (concurrency === 0) this.#worker.pause();
    else this.#worker.resume(concurrency);
  }
}

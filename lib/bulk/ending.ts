/** A promise that is settled from elsewhere, and that nobody need listen to. */
export class Ending<Result> {
  readonly promise: Promise<Result>;
  #resolve: ((result: Result) => void) | undefined;
  #reject: ((error: unknown) => void) | undefined;

  constructor() {
    this.promise = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
    // A rejection that nobody waits for is none of the process's.
    this.promise.catch(() => undefined);
  }

  resolve(result: Result): void {
    this.#resolve?.(result);
  }

  reject(error: unknown): void {
    this.#reject?.(error);
  }
}

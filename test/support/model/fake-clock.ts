import { vi } from 'vitest';

/** How many turns without any activity count as quiet. */
const CALM_TURNS = 4;

/** More than any step can lead to. */
const MOST_ACTIVITY = 5000;

/** How much later it is each time that somebody looks at the clock, in milliseconds. */
const LOOK_MS = 1e-6;

/** Time that all but stands still between steps, while sockets go on as they do. */
export class FakeClock {
  readonly #activity: () => number;

  /** `activity` changes whenever anything happens. */
  constructor(activity: () => number) {
    this.#activity = activity;
  }

  static start(): void {
    vi.useFakeTimers({
      toFake: [
        'setTimeout',
        'clearTimeout',
        'setInterval',
        'clearInterval',
        'performance',
        'Date',
      ],
    });
    const now = performance.now.bind(performance);
    let looks = 0;
    // Nothing happens in no time at all: what comes later is told by its time.
    vi.spyOn(performance, 'now').mockImplementation(() => {
      looks += 1;
      return now() + looks * LOOK_MS;
    });
  }

  static stop(): void {
    vi.restoreAllMocks();
    vi.useRealTimers();
  }

  /** Waits until what is on its way has arrived and led to nothing more. */
  async quiet(turns = CALM_TURNS): Promise<void> {
    let seen = this.#activity();
    const loud = seen + MOST_ACTIVITY;
    for (let calm = 0; calm < turns; calm += 1) {
      await new Promise((resolve) => setImmediate(resolve));
      const now = this.#activity();
      if (now !== seen) calm = -1;
      seen = now;
      if (seen > loud)
        throw new Error('It goes on and on while no time passes');
    }
  }

  /** Lets time pass from timer to timer, with all that follows from each. */
  async pass(ms: number, until: () => boolean = () => false): Promise<void> {
    const end = performance.now() + ms;
    const timer = setTimeout(() => undefined, ms);
    while (performance.now() < end && !until()) {
      vi.advanceTimersToNextTimer();
      await this.quiet(2);
    }
    clearTimeout(timer);
  }

  /** The wall clock goes on alone, as over a sleep of the machine. */
  jump(ms: number): void {
    vi.setSystemTime(Date.now() + ms);
  }
}

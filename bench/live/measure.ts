import {
  askCap,
  askGroupedAuth,
  askIdle,
  askOneFlight,
  timeAuth,
  timeDots,
  timeNoop,
  type Grouping,
} from './questions.js';
import { open, type SetUp } from './session.js';
import type { LiveSettings } from './settings.js';

/** Everything that was found out. Holds no secret. */
export interface LiveReport {
  readonly host: string;
  readonly port: number;
  readonly setUp: SetUp;
  readonly authMs: number;
  readonly noopMs: number;
  readonly dotMs: readonly number[];
  readonly groupedAuth: Grouping;
  readonly oneFlight: Grouping;
  readonly cap?: string;
  readonly idle?: string;
}

/**
 * Asks the relay everything that the settings ask for.
 *
 * @throws Error with the relay's reply when it does not take the key or a
 * plain message; nothing else can be asked then
 */
export async function measure(settings: LiveSettings): Promise<LiveReport> {
  const { host, port, cap, idleMs } = settings;
  const { prober, setUp } = await open(settings);
  try {
    const authMs = await timeAuth(prober, settings);
    const noopMs = await timeNoop(prober);
    const dotMs = await timeDots(prober, settings);
    await prober.quit();
    return {
      host,
      port,
      setUp,
      authMs,
      noopMs,
      dotMs,
      groupedAuth: await askGroupedAuth(settings),
      oneFlight: await askOneFlight(settings),
      ...(cap === undefined ? {} : { cap: await askCap(settings) }),
      ...(idleMs === undefined ? {} : { idle: await askIdle(settings) }),
    };
  } finally {
    prober.destroy();
  }
}

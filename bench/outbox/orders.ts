import type { Target } from '../contestants/contestant.js';

/** Whose queue it is. */
export type Owner = 'own' | 'mailer';

/** What a process of the bench is started with, as the JSON of its argument. */
export interface ProcessSettings {
  readonly owner: Owner;
  readonly role: 'producer' | 'worker';

  /** The store's URL. */
  readonly store: string;
  readonly queue: string;
  readonly target: Target;
}

/** How messages are put in. */
export type Way = 'one by one' | '50 at once' | 'in bulk';

/** A message of the queue, and a moment in milliseconds since 1970. */
export type Moments = readonly (readonly [key: string, at: number])[];

/** What a worker has done since it was last asked. */
export interface Work {
  readonly accepted: Moments;

  /** Milliseconds of each write of a mark. */
  readonly marks: readonly number[];
}

/** What a process is told, each with what it answers. */
export interface Orders {
  /** Says that the process runs. */
  load: { readonly order: object; readonly answer: null };

  /** Opens the queue; a worker begins. */
  open: { readonly order: object; readonly answer: null };

  /** Enqueues for so many seconds; how many a second that were. */
  rate: {
    readonly order: { readonly way: Way; readonly seconds: number };
    readonly answer: number;
  };

  /** Enqueues so many. */
  fill: { readonly order: { readonly count: number }; readonly answer: null };

  /** Enqueues at a steady rate; when each was. */
  steady: {
    readonly order: { readonly perSecond: number; readonly seconds: number };
    readonly answer: Moments;
  };

  /** What has been done. */
  work: { readonly order: object; readonly answer: Work };
}

/** One of the orders, as it is sent. */
export type Order = {
  readonly [K in keyof Orders]: { readonly kind: K } & Orders[K]['order'];
}[keyof Orders];

/** The present moment, to compare with one of another process. */
export function moment(): number {
  return performance.timeOrigin + performance.now();
}

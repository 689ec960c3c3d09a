import type { Section } from '../report/section.js';
import { type Mark, shownTimes } from './end-to-end.js';

/** What it costs a message to be marked before its body leaves. */
export function markCosts(
  steady: readonly Mark[],
  busy: readonly Mark[],
): Section {
  return {
    title: 'The mark before the body',
    text: 'Milliseconds for which the body of a message waits until the store has its mark, which makes a lost worker leave it as uncertain: at the steady rate of the part before, and while one worker sends as fast as it can, with twenty messages under way. Workers of @nestjs-modules/mailer write none, and try again what may have been sent.',
    header: [
      '',
      'steady, median, ms',
      '99th percentile, ms',
      'busy, median, ms',
      '99th percentile, ms',
    ],
    rows: steady.map(({ name, values }, at) => [
      name,
      ...shownTimes(values),
      ...shownTimes(busy[at]?.values ?? []),
    ]),
    verdicts: [],
  };
}

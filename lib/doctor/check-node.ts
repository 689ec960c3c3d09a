import type { Check } from './report.js';

/** The first minor version of each major one; later majors are all fine. */
const OLDEST: ReadonlyMap<number, number> = new Map([
  [20, 19],
  [22, 12],
]);
const ALL_FROM = 24;

/** Whether this package runs on the version of Node.js. */
export function checkNode(version: string = process.versions.node): Check {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const fine = major >= ALL_FROM || minor >= (OLDEST.get(major) ?? Infinity);
  return {
    name: 'Node.js',
    status: fine ? 'ok' : 'failed',
    found: version,
    advice: fine
      ? undefined
      : 'Use Node.js 20.19, 22.12, 24 or a later version of these.',
    facts: { version },
  };
}

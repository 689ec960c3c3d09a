import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** Of util-linux, which nearly every Linux has. */
const TASKSET = '/usr/bin/taskset';

/**
 * Keeps one process, with all of its threads, to one core and another off it.
 *
 * @returns whether it could be done: on Linux, with two cores and `taskset`
 */
export function keepApart(pid: number, other: number): boolean {
  const [core, ...others] = allowedCores();
  if (core === undefined || others.length === 0) return false;
  return pin(pid, String(core)) && pin(other, others.join(','));
}

function pin(pid: number, cores: string): boolean {
  const { status } = spawnSync(TASKSET, ['-apc', cores, String(pid)]);
  return status === 0;
}

/** Those that this process may run on; none where that is not known. */
function allowedCores(): number[] {
  let status = '';
  try {
    status = readFileSync('/proc/self/status', 'utf8');
  } catch {
    return [];
  }
  const list = /^Cpus_allowed_list:\s*(\S+)$/m.exec(status)?.[1] ?? '';
  return list.split(',').flatMap((range) => {
    const [first = NaN, last = first] = range.split('-').map(Number);
    return Number.isNaN(first)
      ? []
      : Array.from({ length: last - first + 1 }, (_, n) => first + n);
  });
}

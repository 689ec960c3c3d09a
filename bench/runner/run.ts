import { fork } from 'node:child_process';
import { once } from 'node:events';
import { trusted } from '../trusted.js';
import type { Jobs } from './job.js';

/** A measurement that takes this long has gone wrong, in milliseconds. */
const LIMIT_MS = 180_000;

/** Performs a job in a new process, and resolves once that has exited. */
export async function run<K extends keyof Jobs>(
  job: Jobs[K]['job'] & { readonly kind: K },
  nodeArgs: readonly string[] = [],
): Promise<Jobs[K]['result']> {
  const child = fork(new URL('main.js', import.meta.url), {
    execArgv: [...nodeArgs],
    timeout: LIMIT_MS,
  });
  let result: Jobs[K]['result'] | undefined;
  child.on('message', (message) => {
    result = trusted<Jobs[K]['result']>(message);
  });
  child.send(job);
  const [code, signal] = await once(child, 'exit');
  if (code !== 0 || result === undefined) {
    const what = 'name' in job ? job.name : job.kind;
    throw new Error(`The run of ${what} ended with ${code ?? signal}`);
  }
  return result;
}

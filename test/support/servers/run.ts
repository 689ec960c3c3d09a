import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const execute = promisify(execFile);

/** How a program is run. */
export interface RunOptions {
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  readonly uid?: number;
  readonly gid?: number;
  /** What it reads from its standard input. */
  readonly input?: string;
}

/** Runs a program to its end and resolves with what it printed. */
export async function run(
  command: string,
  args: readonly string[],
  { input = '', ...options }: RunOptions = {},
): Promise<string> {
  const running = execute(command, [...args], {
    ...options,
    maxBuffer: 67_108_864,
  });
  // Most programs read nothing and may have ended by now.
  running.child.stdin?.on('error', () => undefined).end(input);
  return (await running).stdout;
}

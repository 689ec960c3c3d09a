import { execFileSync } from 'node:child_process';

/**
 * Makes sure that a process may hold this many connections.
 *
 * @throws Error that says how to raise the limit
 */
export function needOpenFiles(connections: number): void {
  // Node itself raises the soft limit to the hard one.
  const limit = execFileSync('sh', ['-c', 'ulimit -Hn'], { encoding: 'utf8' });
  const needed = connections + 200;
  if (Number(limit) < needed) {
    throw new Error(
      `${connections} connections need ${needed} open files, and one process may have ${limit.trim()}. Raise the hard limit (ulimit -Hn, LimitNOFILE of systemd, --ulimit nofile of Docker).`,
    );
  }
}

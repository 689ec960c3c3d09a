import { readdirSync, readlinkSync } from 'node:fs';

/** The processes whose current folder is that one or in it. */
export function processesIn(folder: string): number[] {
  return readdirSync('/proc')
    .map(Number)
    .filter((pid) => pid > 0 && currentFolder(pid).startsWith(folder));
}

function currentFolder(pid: number): string {
  try {
    return readlinkSync(`/proc/${pid}/cwd`);
  } catch {
    // It has ended, or is somebody else's.
    return '';
  }
}

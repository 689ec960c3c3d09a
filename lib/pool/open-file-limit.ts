import { readFileSync } from 'node:fs';
import { report } from 'node:process';

/**
 * How many files this process may have open at once: the soft limit, which
 * Node.js has raised to the hard one at its start. Undefined where there is
 * none, or it is not told.
 */
export function openFileLimit(
  readLimits: () => string = readProcLimits,
): number | undefined {
  const given = fromProc(readLimits) ?? fromReport();
  const limit = Number(given);
  return Number.isInteger(limit) && limit > 0 ? limit : undefined;
}

function readProcLimits(): string {
  return readFileSync('/proc/self/limits', 'utf8');
}

function fromProc(readLimits: () => string): string | undefined {
  try {
    return /^Max open files\s+(\S+)/m.exec(readLimits())?.[1];
  } catch {
    // There is no such file outside Linux.
    return undefined;
  }
}

function fromReport(): unknown {
  const { userLimits } = report.getReport() as {
    // As documented, and absent on Windows; the types say `object` only.
    readonly userLimits?: { readonly open_files?: { readonly soft: unknown } };
  };
  return userLimits?.open_files?.soft;
}

import { arch, availableParallelism, cpus, totalmem, type } from 'node:os';

/** The machine and the runtime that figures were measured on. */
export function machine(): string {
  const model = cpus()[0]?.model.trim() ?? 'unknown processor';
  const cores = availableParallelism();
  const memory = Math.round(totalmem() / 2 ** 30);
  return `${model}, ${cores} cores, ${memory} GiB of memory, ${type()} ${arch()}, Node ${process.versions.node}`;
}

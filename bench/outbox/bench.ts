import type { StoreServer } from '../../test/support/stores/store-server.js';
import type { Sink } from '../sink/sink.js';
import type { Owner, ProcessSettings } from './orders.js';
import { QueueProcess } from './queue-process.js';

/** A queue over one store, as it is called in the tables. */
export interface Row {
  readonly name: string;
  readonly owner: Owner;
  readonly store: StoreServer;
}

/** How often and for how long everything is measured. */
export interface Scale {
  readonly rounds: number;

  /** Of each rate. */
  readonly seconds: number;

  /** Of the steady rate. */
  readonly steadySeconds: number;
}

/** What every part of the bench works with. */
export interface OutboxBench {
  readonly rows: readonly Row[];
  readonly sink: Sink;
  readonly scale: Scale;
}

/** Connections of each worker. */
const CONNECTIONS = 10;

let queues = 0;

/** A name that no queue has had. */
export function newQueue(): string {
  queues += 1;
  return `bench-${queues}`;
}

/** Runs some work with so many processes of a queue, which end with it. */
export async function withProcesses<T>(
  { row: { owner, store }, sink, role, queue, count = 1 }: ProcessesWanted,
  work: (processes: readonly QueueProcess[]) => Promise<T>,
): Promise<T> {
  const port = sink.ports.plain;
  const host = '127.0.0.1';
  const settings: ProcessSettings = {
    owner,
    role,
    queue,
    store: store.url,
    target: { host, port, security: 'none', connections: CONNECTIONS },
  };
  const processes = Array.from({ length: count }, () =>
    QueueProcess.start(settings),
  );
  try {
    return await work(processes);
  } finally {
    await Promise.all(processes.map((process) => process.kill()));
  }
}

interface ProcessesWanted {
  readonly row: Row;
  readonly sink: Sink;
  readonly role: ProcessSettings['role'];
  readonly queue: string;
  readonly count?: number;
}

/** Has every row measured in each round, in turn; the values by row. */
export async function inRounds<T>(
  { rows, scale: { rounds } }: OutboxBench,
  measure: (row: Row) => Promise<T>,
): Promise<(readonly [row: Row, values: readonly T[]])[]> {
  const values = new Map<Row, T[]>(rows.map((row) => [row, []]));
  for (let round = 0; round < rounds; round += 1) {
    for (const [row, of] of values) of.push(await measure(row));
  }
  return [...values];
}

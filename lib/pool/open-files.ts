import { ConnectionBudget } from './connection-budget.js';
import { openFileLimit } from './open-file-limit.js';

/** What the rest of the process keeps of a small limit; a tenth of a large one, half of a tiny one. */
const FEWEST_LEFT = 64;

const ADVICE =
  'Raise the limit (`ulimit -n` in a shell, `LimitNOFILE=` in a systemd unit, `--ulimit nofile=` for docker), or lower `pool.maxConnections`.';

let ofProcess: OpenFiles | undefined;

/**
 * The files this process may open, of which every connection takes one.
 * Process-wide by nature, as is {@link ConnectionBudget}.
 */
export class OpenFiles {
  readonly #limit: number;
  readonly #room: number;
  #promised = 0;
  #warned = false;

  /** The connections of all pools, to whatever relay. */
  readonly budget: ConnectionBudget;

  constructor(limit = Infinity) {
    this.#limit = limit;
    this.#room = roomIn(limit);
    this.budget = new ConnectionBudget(this.#room);
  }

  static ofProcess(): OpenFiles {
    ofProcess ??= new OpenFiles(openFileLimit());
    return ofProcess;
  }

  /**
   * A pool may open that many connections; what to warn of, if they do not fit
   * any more.
   */
  promise(connections: number): string | undefined {
    this.#promised += connections;
    const warned = this.#warned;
    this.#warned = this.#promised > this.#room;
    if (warned || !this.#warned) return undefined;
    return `This process may open ${this.#limit} files, and its mail connections alone may come to ${this.#promised}: no more than ${this.#room} of them are opened, so that the rest of the process has files left. ${ADVICE}`;
  }

  /** The pool is closed. */
  release(connections: number): void {
    this.#promised -= connections;
  }
}

function roomIn(limit: number): number {
  if (limit === Infinity) return limit;
  const left = Math.max(limit / 10, FEWEST_LEFT);
  return Math.floor(limit - Math.min(left, limit / 2));
}

/** Why a connection could not be opened, when it is for want of files. */
export function outOfFiles(cause: unknown): string | undefined {
  const code: unknown = Reflect.get(Object(cause), 'code');
  if (code === 'EMFILE') {
    return `This process has as many files open as it may (EMFILE). ${ADVICE}`;
  }
  return code === 'ENFILE'
    ? 'The system has as many files open as it can (ENFILE): raise `fs.file-max`, or lower `pool.maxConnections`.'
    : undefined;
}

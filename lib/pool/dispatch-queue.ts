import { Deque } from '../smtp/deque.js';
import type { Lane } from './lane.js';

/** What waits in a {@link DispatchQueue}. */
export interface Queued {
  readonly lane: Lane;

  /** Whether it still waits; one that was withdrawn is passed over. */
  readonly waiting: boolean;

  /** When it was first taken in, on the monotonic clock, in milliseconds. */
  readonly queuedAt: number;
}

const URGENT_FIRST: readonly Lane[] = ['urgent', 'normal', 'bulk'];
const NORMAL_FIRST: readonly Lane[] = ['normal', 'urgent', 'bulk'];
const BULK_FIRST: readonly Lane[] = ['bulk', 'urgent', 'normal'];

/**
 * Three lanes and the order between them. Constant time at any length:
 * what is withdrawn stays in place and is skipped.
 */
export class DispatchQueue<T extends Queued> {
  readonly #lanes: Record<Lane, Deque<T>> = {
    urgent: new Deque(),
    normal: new Deque(),
    bulk: new Deque(),
  };
  readonly #sizes: Record<Lane, number> = { urgent: 0, normal: 0, bulk: 0 };
  #turn = 0;

  get size(): number {
    const { urgent, normal, bulk } = this.#sizes;
    return urgent + normal + bulk;
  }

  sizeOf(lane: Lane): number {
    return this.#sizes[lane];
  }

  /** The oldest that waits in a lane. */
  oldest(lane: Lane): T | undefined {
    const entries = this.#lanes[lane];
    while (entries.peek()?.waiting === false) entries.shift();
    return entries.peek();
  }

  push(item: T): void {
    this.#lanes[item.lane].push(item);
    this.#sizes[item.lane] += 1;
  }

  /** Puts back at the head of its lane what had been taken. */
  unshift(item: T): void {
    this.#lanes[item.lane].unshift(item);
    this.#sizes[item.lane] += 1;
  }

  /** What {@link take} would give. */
  peek(): T | undefined {
    const lane = this.#nextLane();
    return lane && this.oldest(lane);
  }

  take(): T | undefined {
    const lane = this.#nextLane();
    if (lane === undefined) return undefined;
    this.#turn = (this.#turn + 1) & 15;
    const item = this.oldest(lane);
    this.#lanes[lane].shift();
    this.#sizes[lane] -= 1;
    return item;
  }

  /** Counts out an entry that no longer waits. */
  withdraw(item: T): void {
    this.#sizes[item.lane] -= 1;
    this.#compact(item.lane);
  }

  /** Everything that waits in a lane, oldest first. */
  *in(lane: Lane): Generator<T> {
    for (const item of this.#lanes[lane]) if (item.waiting) yield item;
  }

  #nextLane(): Lane | undefined {
    for (const lane of orderOf(this.#turn)) {
      if (this.#sizes[lane] > 0) return lane;
    }
    return undefined;
  }

  #compact(lane: Lane): void {
    const entries = this.#lanes[lane];
    if (entries.size < 1024 || entries.size < 2 * this.#sizes[lane]) return;
    const live = new Deque<T>();
    for (const item of entries) if (item.waiting) live.push(item);
    this.#lanes[lane] = live;
  }
}

/** Of 16 turns one is bulk's first, four are normal's, the others urgent's. */
function orderOf(turn: number): readonly Lane[] {
  if (turn === 8) return BULK_FIRST;
  return turn % 4 === 3 ? NORMAL_FIRST : URGENT_FIRST;
}

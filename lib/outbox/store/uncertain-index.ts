import { siblingOf, type JobQueue } from './engine.js';

/**
 * Which of the failed messages may have been sent, so that they are found and
 * counted among any number of others. A queue of its own that nobody works
 * off; it holds ids only.
 */
export class UncertainIndex {
  readonly #queue: JobQueue;

  private constructor(queue: JobQueue) {
    this.#queue = queue;
  }

  static of(queue: JobQueue, prefix: string): UncertainIndex {
    const name = `${queue.name}-uncertain`;
    const sibling = siblingOf(queue, name, prefix);
    sibling.on('error', () => undefined);
    return new UncertainIndex(sibling);
  }

  async add(jobId: string): Promise<void> {
    await this.#queue.add('uncertain', {}, { jobId, priority: 1 });
  }

  async remove(jobId: string): Promise<void> {
    await this.#queue.remove(jobId);
  }

  /** Ids, the oldest first. */
  async list(offset: number, limit: number): Promise<string[]> {
    const backend = this.#queue.getBackend();
    const ranges = await backend.getRanges(
      ['prioritized'],
      offset,
      offset + limit - 1,
      true,
    );
    return ranges.flat();
  }

  count(): Promise<number> {
    return this.#queue.getPrioritizedCount();
  }
}

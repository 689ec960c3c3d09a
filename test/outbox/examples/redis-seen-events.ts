import type { Redis } from 'ioredis';
import type { SeenEvents } from 'nestjs-sendgrid-smtp/webhook';

/** Posts are repeated for 24 hours. */
const KEPT_S = 2 * 86_400;

export class RedisSeenEvents implements SeenEvents {
  constructor(
    private readonly redis: Redis,
    private readonly prefix = 'sendgrid:event:',
  ) {}

  async enter(ids: readonly string[]): Promise<boolean[]> {
    const answers = await Promise.all(
      ids.map((id) => this.redis.set(this.prefix + id, '', 'EX', KEPT_S, 'NX')),
    );
    return answers.map((answer) => answer === 'OK');
  }
}

import type { Redis } from 'ioredis';
import type {
  SuppressionReason,
  SuppressionStore,
} from 'nestjs-sendgrid-smtp/webhook';

const REASONS: readonly SuppressionReason[] = [
  'bounced',
  'complained',
  'unsubscribed',
];

export class RedisSuppressions implements SuppressionStore {
  constructor(
    private readonly redis: Redis,
    private readonly key = 'mail:suppressed',
  ) {}

  async add(address: string, reason: SuppressionReason): Promise<void> {
    await this.redis.hset(this.key, address, reason);
  }

  async reasonsFor(
    addresses: readonly string[],
  ): Promise<(SuppressionReason | undefined)[]> {
    if (addresses.length === 0) return [];
    const fields = addresses.map((address) => address.toLowerCase());
    const texts = await this.redis.hmget(this.key, ...fields);
    return texts.map((text) => REASONS.find((reason) => reason === text));
  }
}

import type { Redis } from 'ioredis';
import {
  isAbout,
  type NamedMail,
  type SettledSend,
  type UnknownSend,
  type UnknownSendStore,
} from 'nestjs-sendgrid-smtp/webhook';

/** Events of a message may come for 3 days. */
const KEPT_S = 3 * 86_400;

export class RedisUnknownSends implements UnknownSendStore {
  constructor(
    private readonly redis: Redis,
    private readonly prefix = 'mail:unknown:',
  ) {}

  async add(send: UnknownSend): Promise<void> {
    const text = JSON.stringify(send);
    const batch = this.redis.multi();
    for (const key of this.keysOf(send)) {
      batch.hset(key, send.id, text).expire(key, KEPT_S);
    }
    await batch.exec();
  }

  async settle(named: readonly NamedMail[]): Promise<SettledSend[]> {
    const found = await Promise.all(named.map((by) => this.find(by)));
    const settled: SettledSend[] = [];
    for (const one of found.flat()) {
      const text = JSON.stringify(one.by);
      // Whoever comes first tells of it.
      const key = this.settledKey(one.send);
      const first = await this.redis.set(key, text, 'EX', KEPT_S, 'NX');
      if (first === 'OK') settled.push(one);
    }
    return settled;
  }

  async settledBy(send: UnknownSend): Promise<NamedMail | undefined> {
    const text = await this.redis.get(this.settledKey(send));
    return text === null ? undefined : JSON.parse(text);
  }

  async remove(send: UnknownSend): Promise<void> {
    const batch = this.redis.multi();
    for (const key of this.keysOf(send)) batch.hdel(key, send.id);
    await batch.exec();
  }

  private async find(by: NamedMail): Promise<SettledSend[]> {
    const texts = await Promise.all(
      this.keysOf(by).map((key) => this.redis.hvals(key)),
    );
    const sends = texts.flat().map((text): UnknownSend => JSON.parse(text));
    return sends
      .filter((send) => isAbout(send, by))
      .map((send) => ({ send, by }));
  }

  private keysOf({ mailId, messageId }: NamedMail): string[] {
    return [mailId, messageId]
      .filter((id) => id !== undefined)
      .map((id) => this.prefix + id);
  }

  private settledKey({ id }: UnknownSend): string {
    return `${this.prefix}settled:${id}`;
  }
}

import { randomUUID } from 'node:crypto';
import type { Telling } from '../events/telling.js';
import { isRecord } from '../options/is-record.js';
import type {
  NamedMail,
  SettledSend,
  UnknownSend,
  UnknownSendStore,
} from '../options/unknown-send-store.js';
import type { Lane } from '../pool/lane.js';
import type { OutgoingMail } from './carrier.js';
import { MemoryUnknownSends } from './memory-unknown-sends.js';
import { tellSettledByEvent } from './message-news.js';

/** What makes a record of a send. */
interface Facts {
  readonly mail: OutgoingMail;
  readonly lane: Lane;
  readonly tenant: string | undefined;
}

/** The sends of one instance, and its tenants, that have an unknown outcome. */
export class UnknownSends {
  readonly #store: UnknownSendStore;
  readonly #telling: Telling;
  #complained = false;

  /** @param telling - of the instance, for what tenants have sent too */
  constructor(
    telling: Telling,
    store: UnknownSendStore = new MemoryUnknownSends(),
  ) {
    this.#store = store;
    this.#telling = telling;
  }

  /** Whether there may be any to settle. */
  get any(): boolean {
    return this.#store.size !== 0;
  }

  /** Remembers a send. */
  add(send: UnknownSend): void {
    void this.#ask((store) => store.add(send));
  }

  /** Forgets a send, as its outcome is known. */
  remove(send: UnknownSend): void {
    void this.#ask((store) => store.remove(send));
  }

  /** What has settled a send that waits, here or in another process. */
  async settledBy(send: UnknownSend): Promise<NamedMail | undefined> {
    const by = await this.#ask((store) => store.settledBy(send));
    return isRecord(by) ? by : undefined;
  }

  /** Settles the sends that are named, as accepted; resolves with how many. */
  async settle(named: readonly NamedMail[]): Promise<number> {
    const settled = (await this.#ask((store) => store.settle(named))) ?? [];
    // Whoever waits tells by itself how it ended.
    const over = settled.filter(({ send }) => !send.waits);
    for (const one of over) this.#tell(one);
    return over.length;
  }

  #tell({ send, by }: SettledSend): void {
    const { events } = this.#telling;
    const { tenant } = send;
    const hub = tenant === undefined ? events : events.part(tenant);
    tellSettledByEvent(hub, send, by);
  }

  async #ask<Answer>(
    question: (store: UnknownSendStore) => Answer | Promise<Answer>,
  ): Promise<Answer | undefined> {
    try {
      return await question(this.#store);
    } catch (error) {
      if (!this.#complained) {
        const { log, masking } = this.#telling;
        log.warn(
          `The store \`unknownSends\` failed (told once; sends go on as if it knew nothing): ${masking.text(String(error))}`,
        );
      }
      this.#complained = true;
      return undefined;
    }
  }
}

/** The record of a send that is in doubt for these recipients. */
export function unknownSend(
  { mail: { messageId, mailId }, lane, tenant }: Facts,
  recipients: readonly string[],
): UnknownSend {
  return {
    id: randomUUID(),
    messageId,
    ...(mailId === undefined ? {} : { mailId }),
    recipients: recipients.map((address) => address.toLowerCase()),
    lane,
    ...(tenant === undefined ? {} : { tenant }),
    since: Date.now(),
    waits: false,
  };
}

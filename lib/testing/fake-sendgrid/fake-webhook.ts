import { createSign, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { eventsOf, lateBounce, type FakeEvent } from './fake-events.js';
import type { ReceivedMessage } from './received-message.js';

const SIGNATURE = 'X-Twilio-Email-Event-Webhook-Signature';
const TIMESTAMP = 'X-Twilio-Email-Event-Webhook-Timestamp';

/** A post, ready to be sent. */
export interface FakePost {
  readonly headers: Readonly<Record<string, string>>;

  /** The events, a line each, as SendGrid writes them. */
  readonly body: Buffer;
}

/**
 * SendGrid's event webhook: makes events of messages and posts them, signed with
 * a key of its own. Nothing is posted by itself.
 *
 * @example
 * const { webhook } = relay;
 * SendGridWebhookModule.forRoot({ publicKeys: webhook.publicKey });
 * const [mail] = await relay.waitFor(1);
 * await webhook.post(url, webhook.events(mail, 'processed'));
 */
export class FakeWebhook {
  readonly #privateKey: KeyObject;

  /** The verification key, as SendGrid's console shows it. */
  readonly publicKey: string;

  /** @internal */
  constructor() {
    const pair = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    this.#privateKey = pair.privateKey;
    this.publicKey = pair.publicKey
      .export({ type: 'spki', format: 'der' })
      .toString('base64');
  }

  /**
   * Makes an event of that name for each recipient of a message, with the ids
   * and unique arguments that it has at SendGrid.
   *
   * @param fields - further fields, or others in their place
   */
  events(
    message: ReceivedMessage,
    event: string,
    fields: Readonly<Record<string, unknown>> = {},
  ): FakeEvent[] {
    return eventsOf(message, event, fields);
  }

  /**
   * Makes a bounce as it comes long after a delivery: without unique arguments,
   * and with an empty `sg_message_id`.
   */
  lateBounce(
    recipient: string,
    fields: Readonly<Record<string, unknown>> = {},
  ): FakeEvent {
    return lateBounce(recipient, fields);
  }

  /** Signs events as one post. */
  sign(events: readonly FakeEvent[], at: Date = new Date()): FakePost {
    const lines = events.map((event) => JSON.stringify(event)).join(',\r\n');
    const body = Buffer.from(`[${lines}]\r\n`);
    const timestamp = String(Math.floor(at.getTime() / 1000));
    const signature = createSign('sha256')
      .update(timestamp)
      .update(body)
      .sign(this.#privateKey, 'base64');
    return {
      headers: {
        'Content-Type': 'application/json',
        [SIGNATURE]: signature,
        [TIMESTAMP]: timestamp,
      },
      body,
    };
  }

  /** Posts events, signed now. Resolves with the status of the answer. */
  async post(url: string, events: readonly FakeEvent[]): Promise<number> {
    const { headers, body } = this.sign(events);
    const answer = await fetch(url, {
      method: 'POST',
      headers,
      body: new Uint8Array(body),
      redirect: 'manual',
    });
    await answer.arrayBuffer();
    return answer.status;
  }
}

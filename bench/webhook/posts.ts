import { createSign, type KeyObject } from 'node:crypto';

const DIGITS = 22;
const NAMES = ['processed', 'delivered', 'open', 'click', 'bounce'];

/** Makes signed posts whose events nobody has seen before, at little cost. */
export class Posts {
  readonly #key: KeyObject;
  readonly #body: Buffer;
  /** Where in the body the ids of its events begin. */
  readonly #ids: readonly number[];
  #count = 0;

  /** @param events - how many each has */
  constructor(events: number, key: KeyObject) {
    this.#key = key;
    const lines = Array.from({ length: events }, (_, n) => eventOf(n));
    this.#body = Buffer.from(`[${lines.join(',\r\n')}]\r\n`);
    const ids: number[] = [];
    const blank = '0'.repeat(DIGITS);
    for (
      let at = this.#body.indexOf(blank);
      at !== -1;
      at = this.#body.indexOf(blank, at + DIGITS)
    ) {
      ids.push(at);
    }
    this.#ids = ids;
  }

  /** Bytes of each. */
  get bytes(): number {
    return this.#body.length;
  }

  /** The next post, a copy of its own. */
  next(): { headers: Record<string, string>; body: Buffer } {
    for (const at of this.#ids) {
      this.#count += 1;
      this.#body.write(String(this.#count).padStart(DIGITS, '0'), at, 'latin1');
    }
    const body = Buffer.from(this.#body);
    const timestamp = '1732000000';
    const signature = createSign('sha256')
      .update(timestamp)
      .update(body)
      .sign(this.#key, 'base64');
    const headers = {
      'Content-Type': 'application/json',
      'X-Twilio-Email-Event-Webhook-Signature': signature,
      'X-Twilio-Email-Event-Webhook-Timestamp': timestamp,
    };
    return { headers, body };
  }
}

/** An event with the fields that SendGrid's have, its id left blank. */
function eventOf(n: number): string {
  const id = `${String(n).padStart(6, '0')}-Yo60h6C5ScGPeP5fUWU`;
  return JSON.stringify({
    email: `recipient.${n}@example.com`,
    timestamp: 1_732_000_000 + n,
    event: NAMES[n % NAMES.length],
    'smtp-id': `<${id}@shop.example>`,
    mail_id: `6f9619ff-8b86-4d01-b42d-${String(n).padStart(12, '0')}`,
    sg_event_id: '0'.repeat(DIGITS),
    sg_message_id: `${id}.recvd-5f54b5d587-pczjm-1-67BADEEA-6.0`,
    category: ['receipts'],
    response: '250 2.0.0 OK 1732000000 d9443c01a7336-gsmtp',
    tls: 1,
  });
}

import type { Deliveries } from '../../../lib/delivery/deliveries.js';
import type { MailEvent } from '../../../lib/events/mail-event.js';
import type { SendGridSmtpOptions } from '../../../lib/options/sendgrid-smtp-options.js';
import { PerHost } from '../../../lib/smtp/per-host.js';
import { deliveriesTo, send } from '../relay.js';
import { SILENT } from '../../../lib/options/log.js';
import { FakeClock } from './fake-clock.js';
import { ModelRelay } from './model-relay.js';
import { PostedMail, type Posting } from './posted-mail.js';

/** By then a client has found out that its server is gone. */
const LAST_TURNS = 20;

/** How one run is set up. */
export type PostOptions = Pick<SendGridSmtpOptions, 'pool' | 'queue'> & {
  readonly retry: NonNullable<SendGridSmtpOptions['retry']>;
};

/** The engine, a relay that it sends to, and all that was sent. */
export class Post {
  readonly relay: ModelRelay;
  readonly options: PostOptions;
  readonly deliveries: Deliveries;
  readonly clock: FakeClock;
  readonly mails: PostedMail[] = [];

  /** How often each message was said to have ended. */
  readonly ended = new Map<string, number>();
  #events = 0;

  /** The key that the client is given. */
  key: string;

  private constructor(relay: ModelRelay, options: PostOptions) {
    this.relay = relay;
    this.options = options;
    this.key = relay.key;
    this.clock = new FakeClock(() => relay.activity + this.#events);
    this.deliveries = deliveriesTo(
      relay,
      {
        ...options,
        apiKey: async () => Promise.resolve(this.key),
        timeouts: {
          connectMs: 5000,
          greetingMs: 5000,
          commandMs: 5000,
          acceptMs: 20_000,
        },
      },
      SILENT,
      (event) => this.#hear(event),
    );
  }

  static async open(options: PostOptions): Promise<Post> {
    // Another server may have had the same port.
    PerHost.forgetAll();
    return new Post(await ModelRelay.start('key-one'), options);
  }

  /** Messages whose sender has been told nothing yet. */
  get pending(): PostedMail[] {
    return this.mails.filter(({ told }) => told === undefined);
  }

  send(posting: Posting): void {
    const mail = new PostedMail(this.mails.length, posting);
    this.mails.push(mail);
    const { lane, timeoutMs } = posting;
    const options = {
      lane,
      ...(mail.abort === undefined ? {} : { signal: mail.abort.signal }),
      ...(timeoutMs === undefined ? {} : { timeoutMs }),
    };
    void mail.follow(send(this.deliveries, mail.outgoing, options));
  }

  /** Leaves nothing behind that could act on the clock of a later run. */
  async stop(): Promise<void> {
    await this.relay.stop();
    await this.clock.quiet(LAST_TURNS);
  }

  #hear(event: MailEvent): void {
    this.#events += 1;
    if (event.type !== 'sent' && event.type !== 'failed') return;
    const id = event.messageId ?? '';
    this.ended.set(id, (this.ended.get(id) ?? 0) + 1);
  }
}

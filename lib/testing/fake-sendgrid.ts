import type {
  Fault,
  FaultOptions,
  FaultStage,
  ScriptedFault,
} from './fake-sendgrid/faults.js';
import type {
  ConnectionReport,
  FakeSendGridCounters,
} from './fake-sendgrid/ledger.js';
import { FakeWebhook } from './fake-sendgrid/fake-webhook.js';
import { loadServer } from './fake-sendgrid/load-server.js';
import {
  randomApiKey,
  resolveFakeOptions,
  type FakeSendGridOptions,
} from './fake-sendgrid/options.js';
import { wantedMail } from './wanted.js';
import type { MailQuery } from './mail-query.js';
import { DEFAULT_TIMEOUT_MS, type WaitOptions } from './wait-options.js';
import type { ReceivedMessage } from './fake-sendgrid/received-message.js';
import { RelayState } from './fake-sendgrid/relay-state.js';
import type { RunningServer } from './fake-sendgrid/start-server.js';

/** Module options that lead to a fake relay. */
export interface FakeSendGridModuleOptions {
  readonly apiKey: string;
  readonly host: string;
  readonly port: number;
  readonly security: 'starttls' | 'implicit' | 'none';
  readonly tls: { readonly ca: string };
}

/**
 * SendGrid's SMTP relay on loopback, for tests and development: real TLS, real
 * AUTH, its replies, its limits, and faults where you script them.
 *
 * Needs the packages `smtp-server`, `postal-mime` and `selfsigned`.
 *
 * @example
 * const relay = await FakeSendGrid.start();
 * SendGridSmtpModule.forRoot({ ...relay.options, defaults: { from: 'a@b.c' } });
 * const [mail] = await relay.waitFor(1);
 * await relay.stop();
 */
export class FakeSendGrid {
  readonly #state: RelayState;
  readonly #server: RunningServer;
  #stopping: Promise<void> | undefined;
  #webhook: FakeWebhook | undefined;

  private constructor(state: RelayState, server: RunningServer) {
    this.#state = state;
    this.#server = server;
  }

  /**
   * Starts a relay on 127.0.0.1.
   *
   * @throws FakeSendGridError `MISSING_PEER` naming the package and the command
   * that installs it, `INVALID_OPTIONS`
   */
  static async start(options: FakeSendGridOptions = {}): Promise<FakeSendGrid> {
    const state = new RelayState(resolveFakeOptions(options));
    const { startServer } = await loadServer();
    return new FakeSendGrid(state, await startServer(state));
  }

  /** Address it listens on; the certificate holds it and `localhost`. */
  get host(): string {
    return '127.0.0.1';
  }

  /** Port it listens on. */
  get port(): number {
    return this.#server.port;
  }

  /** PEM of the certificate, made for this process and its own authority. */
  get ca(): string {
    return this.#server.ca;
  }

  /** Options that lead the module to this relay, to be spread into `forRoot`. */
  get options(): FakeSendGridModuleOptions {
    const { security } = this.#state.options;
    const [apiKey = ''] = this.#state.apiKeys;
    const { host, port, ca } = this;
    return { apiKey, host, port, security, tls: { ca } };
  }

  /** The accepted messages in order; see `keepMessages` and `parse`. */
  get messages(): readonly ReceivedMessage[] {
    return this.#state.mailbox.messages;
  }

  /** Its event webhook, with a key that was made for this relay. */
  get webhook(): FakeWebhook {
    this.#webhook ??= new FakeWebhook();
    return this.#webhook;
  }

  /**
   * Those of `messages` that SendGrid would have dropped after it accepted
   * them; see the message's `dropped`.
   */
  get dropped(): readonly ReceivedMessage[] {
    return this.messages.filter(({ dropped }) => dropped !== undefined);
  }

  /** A snapshot of what it has counted since the start. */
  get counters(): FakeSendGridCounters {
    return this.#state.ledger.counters;
  }

  /** Every connection taken so far, in the order of arrival. */
  get connections(): readonly ConnectionReport[] {
    return this.#state.ledger.reports;
  }

  /**
   * Waits for that many messages in `messages`, or for the first that is what
   * a query or a predicate looks for, those accepted before included. Resolves
   * with the messages it waited for.
   *
   * @throws FakeSendGridError `TIMED_OUT`, or `STOPPED` by {@link stop}
   */
  waitFor(
    what: number | MailQuery | ((message: ReceivedMessage) => boolean),
    options: WaitOptions = {},
  ): Promise<readonly ReceivedMessage[]> {
    const { find, wanted } = wantedMail(what);
    return this.#wait(() => find(this.messages), wanted, options);
  }

  /**
   * Waits until the counters satisfy a predicate; resolves with them.
   *
   * @throws FakeSendGridError `TIMED_OUT`, or `STOPPED` by {@link stop}
   */
  waitUntil(
    predicate: (counters: FakeSendGridCounters) => boolean,
    options: WaitOptions = {},
  ): Promise<FakeSendGridCounters> {
    const look = (): FakeSendGridCounters | undefined => {
      const { counters } = this;
      return predicate(counters) ? counters : undefined;
    };
    return this.#wait(look, 'its counters', options);
  }

  /**
   * Scripts a fault. Faults strike in the order they were scripted, each where
   * it fits.
   *
   * @example
   * relay.fail('mail', '451 Try again later', { times: 2 });
   * relay.fail('message', 'drop', { when: ({ message }) => message === 3 });
   * relay.fail('auth', SENDGRID_REPLIES.creditsExceeded);
   * relay.fail('rcpt', '550 No such user', { recipient: 'eve@example.com' });
   * relay.fail('message', { delayMs: 300 }, { nth: 5, times: Infinity });
   */
  fail(
    at: FaultStage,
    fault: Fault,
    options: FaultOptions = {},
  ): ScriptedFault {
    return this.#state.faults.add(at, fault, options);
  }

  /**
   * Revokes every key and makes a new one, which AUTH accepts from now on and
   * `options` holds. Connections that are open work on.
   */
  rotateKey(): string {
    const apiKey = randomApiKey();
    this.#state.apiKeys = [apiKey];
    return apiKey;
  }

  /** Lets everything that stalls go on as if no fault had struck. */
  release(): void {
    this.#state.faults.release();
  }

  /** Forgets the messages and the scripted faults; the counters stay. */
  clear(): void {
    this.#state.mailbox.clear();
    this.#state.faults.clear();
  }

  /**
   * Stops to listen, cuts every connection and resolves when all are closed.
   * Repeated calls share one promise.
   */
  stop(): Promise<void> {
    this.#state.waiters.stop();
    this.#stopping ??= this.#server.stop();
    return this.#stopping;
  }

  /** The same as {@link stop}, for `await using`. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.stop();
  }

  #wait<T>(
    look: () => T | undefined,
    wanted: string,
    { timeoutMs = DEFAULT_TIMEOUT_MS }: WaitOptions,
  ): Promise<T> {
    return this.#state.waiters.wait(look, timeoutMs, () => {
      const { accepted, rejected, connections, open } = this.counters;
      return `${wanted}; ${accepted} accepted, ${rejected} refused, ${connections} connections of which ${open} open.`;
    });
  }
}

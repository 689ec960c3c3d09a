import { Authentication, checkSafety, keyFrom } from './authentication.js';
import type { Capabilities } from './capabilities.js';
import { Channel, type ChannelOwner } from './channel.js';
import { commandLine } from './command.js';
import { asConnectionError, ConnectionError } from './connection-error.js';
import type { ConnectionOwner } from './connection-owner.js';
import type { MailError } from '../errors/mail-error.js';
import type { KeySource } from '../options/key-source.js';
import type { Secret } from '../options/secret.js';
import { handshake, type HandshakeSettings } from './handshake.js';
import { openSocket } from './open-socket.js';
import type { LatestOffer } from './latest-offer.js';
import type { PipeliningPolicy } from './pipelining-policy.js';
import { isNegative, type Reply } from './reply.js';
import type { SharedLookup } from './shared-lookup.js';
import type { Transaction } from './transaction.js';
import type { AbortResult, PipelineHost } from './pipeline-host.js';
import { TransactionPipeline } from './transaction-pipeline.js';
import { unfit } from './unfit.js';

/** How long an unused connection must last for its end to be no failure. */
const SETTLED_IN_MS = 1000;

/** How long the reply to QUIT or NOOP may take, in milliseconds. */
const PROMPT_MS = 5000;

type State = 'connecting' | 'open' | 'retiring' | 'quitting' | 'over';

/** What all connections to one relay share. */
export interface ConnectionSettings extends HandshakeSettings {
  readonly policy: PipeliningPolicy;
  readonly offer: LatestOffer;
  readonly lookup: SharedLookup;
  readonly keys: KeySource;
}

/** One SMTP connection: set up, used for one transaction after another, ended with QUIT. */
export class SmtpConnection implements ChannelOwner, PipelineHost {
  readonly #settings: ConnectionSettings;
  readonly #owner: ConnectionOwner<SmtpConnection>;
  readonly #channel: Channel;
  #capabilities: Capabilities | undefined;
  #pipeline: TransactionPipeline | undefined;
  #authentication: Authentication | undefined;
  #key: Secret | undefined;
  #state: State = 'connecting';

  /** Transactions it was given, whatever became of them: MAIL commands. */
  assigned = 0;

  /** When it was made, on the monotonic clock, in milliseconds. */
  readonly createdAt = performance.now();

  /** When it was set up, likewise. */
  readyAt = 0;

  /** Since when it has had nothing to do, likewise. */
  idleSince = 0;

  #proven = false;
  #noopAnswered: ((alive: boolean) => void) | undefined;

  constructor(
    settings: ConnectionSettings,
    owner: ConnectionOwner<SmtpConnection>,
  ) {
    this.#settings = settings;
    this.#owner = owner;
    const { relay, lookup } = settings;
    this.#channel = new Channel(openSocket(relay, lookup), this);
    void this.#setUp();
  }

  get state(): State {
    return this.#state;
  }

  /** The key it authenticates with, once that is known. */
  get key(): Secret | undefined {
    return this.#key;
  }

  get busy(): boolean {
    return this.#pipeline?.busy ?? false;
  }

  /**
   * Whether it came to nothing: it brought none of its work to an end, or was
   * gone again before it could be given any.
   */
  get fruitless(): boolean {
    if (this.#proven) return false;
    return (
      this.assigned > 0 || performance.now() - this.readyAt < SETTLED_IN_MS
    );
  }

  /** Bytes of the body that an envelope would ride behind. */
  get bodyBytes(): number {
    return this.#pipeline?.bodyBytes ?? 0;
  }

  /** Whether a transaction may be given to it with {@link ride}. */
  get rideable(): boolean {
    return (
      this.#state === 'open' &&
      this.#capabilities?.pipelining === true &&
      this.#settings.policy.permits('body') !== 'no' &&
      this.#pipeline?.hasRoomBehind === true
    );
  }

  /** Why this relay cannot take a message at all, if so: nothing is written. */
  unfit({ body }: Transaction): MailError | undefined {
    return this.#capabilities && unfit(body, this.#capabilities);
  }

  /** Starts a transaction on an idle connection, or along with its AUTH. */
  begin(transaction: Transaction): void {
    this.assigned += 1;
    this.#channel.socket.ref();
    const grouped = this.#state === 'connecting';
    if (grouped) this.#authentication?.send(true);
    this.#pipeline?.begin(transaction, grouped ? 'auth' : undefined);
  }

  /** Sends a transaction's envelope behind the body that has just left. */
  ride(transaction: Transaction): void {
    this.assigned += 1;
    this.#channel.socket.ref();
    this.#pipeline?.ride(transaction);
  }

  /** Gives a transaction up; only wanted ones keep the process alive. */
  abort(transaction: Transaction): AbortResult {
    const result = this.#pipeline?.abort(transaction) ?? 'not-sent';
    this.unref();
    return result;
  }

  /**
   * Asks whether the relay still answers, on an idle connection. It is `free`
   * again after the answer; without one in time it is lost.
   */
  noop(answered: (alive: boolean) => void): void {
    this.#noopAnswered = answered;
    this.#channel.write(commandLine('NOOP'));
    this.#channel.expect({
      patienceMs: () => PROMPT_MS,
      receive: (reply) => this.#onNoop(reply),
    });
  }

  /** Takes no more work: says QUIT behind what is on the wire. */
  retire(): void {
    if (this.#state !== 'open') return;
    this.#state = 'retiring';
    if (!this.busy || this.#takesQuitBehind) this.#sayQuit();
  }

  /** Ends at once, whatever is on the wire. */
  destroy(error: ConnectionError): void {
    this.#channel.fail(error);
  }

  /** Lets the process exit although this connection is open, unless it is needed. */
  unref(): void {
    if (this.#pipeline?.wanted !== true) this.#channel.socket.unref();
  }

  /** Keeps the process alive for this connection. */
  ref(): void {
    this.#channel.socket.ref();
  }

  /** @internal */
  tail(): void {
    if (this.#state === 'open') this.#owner.tail(this);
    else if (this.#takesQuitBehind) this.#sayQuit();
  }

  /** @internal */
  settled(): void {
    if (!this.#proven) this.#owner.proven(this);
    this.#proven = true;
    this.#authentication = undefined;
    if (this.busy) return;
    if (this.#state === 'retiring') this.#sayQuit();
    if (this.#state !== 'open') return;
    this.idleSince = performance.now();
    this.#channel.socket.unref();
    this.#channel.whenRead(() => {
      if (this.#state === 'open') this.#owner.free(this);
    });
  }

  /** @internal */
  unsolicited(reply: Reply): void {
    if (this.#pipeline !== undefined) this.#pipeline.early(reply);
    else {
      const what = isNegative(reply)
        ? 'The relay broke off'
        : 'The relay sent a reply that nothing asked for';
      this.#channel.fail(
        new ConnectionError(this.#channel.stage, what, { reply }),
      );
    }
  }

  /** @internal */
  failed(error: ConnectionError): void {
    this.#state = 'over';
    this.#noopAnswered?.(false);
    this.#pipeline?.fail(error);
    this.#owner.lost(this, this.#authentication?.explain(error) ?? error);
  }

  /** @internal */
  closed(): void {
    this.#state = 'over';
    this.#owner.closed(this);
  }

  async #setUp(): Promise<void> {
    try {
      const [capabilities, key] = await Promise.all([
        handshake(this.#channel, this.#settings),
        keyFrom(this.#settings.keys),
      ]);
      this.#key = key;
      if (!this.#channel.failed) this.#authenticate(capabilities);
    } catch (cause) {
      // A channel that failed by itself has been reported.
      this.#channel.fail(asConnectionError(cause, this.#channel.stage));
    }
  }

  #authenticate(capabilities: Capabilities): void {
    const { policy, offer, timeouts, relay } = this.#settings;
    const channel = this.#channel;
    this.#capabilities = capabilities;
    offer.heard(capabilities);
    policy.offers(capabilities.pipelining);
    const { commandMs, acceptMs } = timeouts;
    const settings = { capabilities, policy, commandMs, acceptMs };
    this.#pipeline = new TransactionPipeline(channel, settings, this);
    if (this.#key === undefined) return this.#open();
    const { remoteAddress } = channel.socket;
    checkSafety(relay.security, capabilities, remoteAddress);
    const key = this.#key.reveal();
    const authentication = new Authentication(channel, settings, key, () =>
      this.#open(),
    );
    this.#authentication = authentication;
    if (policy.permits('auth') !== 'no') this.#owner.greeted(this);
    if (this.assigned === 0) authentication.send(false);
  }

  #open(): void {
    this.#channel.stage = 'session';
    this.#state = 'open';
    this.readyAt = this.idleSince = performance.now();
    this.unref();
    this.#owner.ready(this);
  }

  /** Whatever else it says, a relay that answers is there. */
  #onNoop(reply: Reply): void {
    if (reply.code === 421) return this.unsolicited(reply);
    this.#noopAnswered?.(true);
    this.#noopAnswered = undefined;
    if (this.#state === 'open') this.#owner.free(this);
  }

  /** QUIT may follow a dot only where anything may. */
  get #takesQuitBehind(): boolean {
    const grouping = this.#capabilities?.pipelining === true;
    const allowed = grouping && this.#settings.policy.groups;
    return allowed && this.#pipeline?.hasRoomBehind === true;
  }

  #sayQuit(): void {
    this.#state = 'quitting';
    this.#channel.write(commandLine('QUIT'));
    this.#channel.expect({
      patienceMs: () => PROMPT_MS,
      receive: () => this.#channel.end(),
    });
  }
}

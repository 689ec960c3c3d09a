import { connect } from 'node:net';
import type { Capabilities } from './capabilities.js';
import { eightBitError } from './body-writer.js';
import { Channel, type ChannelOwner, type ReplyReceiver } from './channel.js';
import { commandLine } from './command.js';
import { asConnectionError, ConnectionError } from './connection-error.js';
import type { ConnectionOwner } from './connection-owner.js';
import { MailError } from '../errors/mail-error.js';
import { handshake, type HandshakeSettings } from './handshake.js';
import type { PipeliningPolicy } from './pipelining-policy.js';
import { isNegative, type Reply } from './reply.js';
import type { SharedLookup } from './shared-lookup.js';
import type { Transaction } from './transaction.js';
import type { AbortResult, PipelineHost } from './pipeline-host.js';
import { TransactionPipeline } from './transaction-pipeline.js';

/** How long an unused connection must last for its end to be no failure. */
const SETTLED_IN_MS = 1000;

/** How long the reply to QUIT may take, in milliseconds. */
const QUIT_MS = 5000;

/** What all connections to one relay share. */
export interface ConnectionSettings extends HandshakeSettings {
  readonly policy: PipeliningPolicy;
  readonly lookup: SharedLookup;
}

/** One SMTP connection: set up, used for one transaction after another, ended with QUIT. */
export class SmtpConnection implements ChannelOwner, PipelineHost {
  readonly #settings: ConnectionSettings;
  readonly #owner: ConnectionOwner<SmtpConnection>;
  readonly #channel: Channel;
  readonly #quit: ReplyReceiver;
  #capabilities: Capabilities | undefined;
  #pipeline: TransactionPipeline | undefined;
  #state: 'connecting' | 'open' | 'retiring' | 'quitting' | 'over' =
    'connecting';

  /** Transactions it was given, whatever became of them: MAIL commands. */
  assigned = 0;

  /** When it was made, on the monotonic clock, in milliseconds. */
  readonly createdAt = performance.now();

  /** When it was set up, likewise. */
  readyAt = 0;

  /** Since when it has had nothing to do, likewise. */
  idleSince = 0;

  #proven = false;

  constructor(
    settings: ConnectionSettings,
    owner: ConnectionOwner<SmtpConnection>,
  ) {
    this.#settings = settings;
    this.#owner = owner;
    this.#quit = { patienceMs: () => QUIT_MS, receive: () => this.#farewell() };
    const { host, port } = settings.relay;
    const socket = connect({
      host,
      port,
      lookup: settings.lookup.lookup,
      autoSelectFamily: true,
      keepAlive: true,
      keepAliveInitialDelay: 30_000,
      noDelay: true,
    });
    this.#channel = new Channel(socket, this);
    void this.#setUp();
  }

  get state(): 'connecting' | 'open' | 'retiring' | 'quitting' | 'over' {
    return this.#state;
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
      this.#settings.policy.ride !== 'no' &&
      this.#pipeline?.hasRoomBehind === true
    );
  }

  /** Why this relay cannot take a message at all, if so: nothing is written. */
  unfit({ body }: Transaction): MailError | undefined {
    const { eightBitMime, maxSize } = this.#capabilities ?? {};
    if (body.kind !== 'bytes') return undefined;
    if (body.eightBit && eightBitMime !== true) return eightBitError();
    if (maxSize === undefined || body.size <= maxSize) return undefined;
    return new MailError(
      'INVALID_MESSAGE',
      `The message has ${body.size} bytes and the relay takes ${maxSize} at most. Send fewer or smaller attachments.`,
    );
  }

  /** Starts a transaction on an idle connection. */
  begin(transaction: Transaction): void {
    this.assigned += 1;
    this.#channel.socket.ref();
    this.#pipeline?.begin(transaction);
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
    if (this.#pipeline?.wanted === false) this.#channel.socket.unref();
    return result;
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

  /** Lets the process exit although this connection is open. */
  unref(): void {
    this.#channel.socket.unref();
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
    if (this.busy) return;
    if (this.#state === 'retiring') this.#sayQuit();
    if (this.#state !== 'open') return;
    this.idleSince = performance.now();
    this.#channel.socket.unref();
    this.#owner.free(this);
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
    this.#pipeline?.fail(error);
    this.#owner.lost(this, error);
  }

  /** @internal */
  closed(): void {
    this.#state = 'over';
    this.#owner.closed(this);
  }

  async #setUp(): Promise<void> {
    try {
      this.#open(await handshake(this.#channel, this.#settings));
    } catch (cause) {
      // A channel that failed by itself has been reported.
      this.#channel.fail(asConnectionError(cause, this.#channel.stage));
    }
  }

  #open(capabilities: Capabilities): void {
    if (this.#channel.failed) return;
    const { policy, timeouts } = this.#settings;
    const { commandMs, acceptMs } = timeouts;
    policy.offers(capabilities.pipelining);
    this.#capabilities = capabilities;
    this.#pipeline = new TransactionPipeline(
      this.#channel,
      { capabilities, policy, commandMs, acceptMs },
      this,
    );
    this.#state = 'open';
    this.readyAt = this.idleSince = performance.now();
    this.#channel.socket.unref();
    this.#owner.ready(this);
  }

  /** QUIT may follow a dot only where anything may. */
  get #takesQuitBehind(): boolean {
    const { pipelining = false } = this.#capabilities ?? {};
    const { policy } = this.#settings;
    return (
      pipelining && policy.groups && this.#pipeline?.hasRoomBehind === true
    );
  }

  #sayQuit(): void {
    this.#state = 'quitting';
    this.#channel.write(commandLine('QUIT'));
    this.#channel.expect(this.#quit);
  }

  #farewell(): void {
    this.#channel.end();
  }
}

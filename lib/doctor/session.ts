import type { Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import type { Secret } from '../options/secret.js';
import { Authentication, checkSafety } from '../smtp/authentication.js';
import type { Capabilities } from '../smtp/capabilities.js';
import { Channel, type ChannelOwner } from '../smtp/channel.js';
import { commandLine } from '../smtp/command.js';
import {
  asConnectionError,
  ConnectionError,
} from '../smtp/connection-error.js';
import { handshake, type HandshakeSettings } from '../smtp/handshake.js';
import { openSocket } from '../smtp/open-socket.js';
import { PipeliningPolicy } from '../smtp/pipelining-policy.js';
import { SharedLookup } from '../smtp/shared-lookup.js';
import { TlsSettings } from '../smtp/tls-settings.js';

/** What TLS came to. */
export interface TlsFacts {
  readonly protocol: string;
  readonly cipher: string;
  readonly issuer: string;
  readonly validTo: string;
}

/** How far a session came; a step that it did not reach has no time. */
export interface SessionResult {
  /** Milliseconds that each step took. */
  readonly ms: Partial<Record<'connect' | 'tls' | 'ehlo' | 'auth', number>>;
  readonly tls?: TlsFacts | undefined;
  readonly capabilities?: Capabilities | undefined;

  /** Why it came no further. */
  readonly failure?: ConnectionError | undefined;
}

/** Sets a session up as the pool does, with the pool's own parts, and ends it. */
export class Session implements ChannelOwner {
  readonly #settings: Omit<HandshakeSettings, 'tls'>;
  readonly #key: Secret | undefined;
  readonly #channel: Channel;
  readonly #failed: Promise<never>;
  readonly #ms: SessionResult['ms'] = {};
  #fail: (error: ConnectionError) => void = () => undefined;
  #failure: ConnectionError | undefined;
  #facts: TlsFacts | undefined;
  #capabilities: Capabilities | undefined;
  #last = performance.now();

  constructor(
    settings: Omit<HandshakeSettings, 'tls'>,
    key: Secret | undefined,
  ) {
    this.#settings = settings;
    this.#key = key;
    this.#failed = new Promise((_, reject) => {
      this.#fail = reject;
    });
    // Whoever runs the session hears of it.
    this.#failed.catch(() => undefined);
    const socket = openSocket(settings.relay, new SharedLookup());
    socket.once('connect', () => this.#step('connect'));
    this.#channel = new Channel(socket, this);
  }

  async run(): Promise<SessionResult> {
    try {
      await Promise.race([this.#setUp(), this.#failed]);
      this.#channel.write(commandLine('QUIT'));
      this.#channel.end();
    } catch (cause) {
      this.#failure ??= asConnectionError(cause, this.#channel.stage);
      this.#channel.fail(this.#failure);
    }
    return {
      ms: this.#ms,
      tls: this.#facts,
      capabilities: this.#capabilities,
      failure: this.#failure,
    };
  }

  unsolicited(): void {
    this.#channel.fail(
      new ConnectionError(
        this.#channel.stage,
        'The relay sent a reply that nothing asked for',
      ),
    );
  }

  failed(error: ConnectionError): void {
    this.#failure ??= error;
    this.#fail(error);
  }

  closed(): void {
    this.#fail(
      new ConnectionError(this.#channel.stage, 'The connection was lost'),
    );
  }

  async #setUp(): Promise<void> {
    const { relay, timeouts } = this.#settings;
    const tls = new WatchedTls(relay, (socket) => this.#onSecure(socket));
    const capabilities = await handshake(this.#channel, {
      relay,
      timeouts,
      tls,
    });
    this.#step('ehlo');
    this.#capabilities = capabilities;
    if (this.#key === undefined) return;
    checkSafety(
      relay.security,
      capabilities,
      this.#channel.socket.remoteAddress,
    );
    await this.#logIn(this.#key.reveal(), capabilities);
    this.#step('auth');
  }

  #logIn(key: string, capabilities: Capabilities): Promise<void> {
    const { commandMs, acceptMs } = this.#settings.timeouts;
    const policy = new PipeliningPolicy('off');
    const settings = { capabilities, policy, commandMs, acceptMs };
    return new Promise((resolve) => {
      new Authentication(this.#channel, settings, key, resolve).send(false);
    });
  }

  #onSecure(socket: TLSSocket): void {
    this.#step('tls');
    const { issuer, valid_to: validTo } = socket.getPeerCertificate();
    this.#facts = {
      protocol: socket.getProtocol() ?? 'unknown',
      cipher: socket.getCipher().name,
      issuer: String(issuer?.O ?? issuer?.CN ?? 'unknown'),
      validTo,
    };
  }

  #step(name: keyof SessionResult['ms']): void {
    const now = performance.now();
    this.#ms[name] = Math.round(now - this.#last);
    this.#last = now;
  }
}

/** Tells when TLS is set up. */
class WatchedTls extends TlsSettings {
  readonly #onSecure: (socket: TLSSocket) => void;

  constructor(
    relay: HandshakeSettings['relay'],
    onSecure: (socket: TLSSocket) => void,
  ) {
    super(relay);
    this.#onSecure = onSecure;
  }

  override wrap(socket: Socket): TLSSocket {
    const tls = super.wrap(socket);
    tls.once('secureConnect', () => this.#onSecure(tls));
    return tls;
  }
}

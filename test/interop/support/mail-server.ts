import type { MailStats } from '../../../lib/delivery/stats.js';
import type { Certificate } from './certificate.js';

/** What every server is set up with. */
export interface ServerSetting {
  readonly port: number;
  /** The password of the user `apikey`. */
  readonly apiKey: string;
  /** Of `localhost` and 127.0.0.1. */
  readonly certificate: Certificate;
}

/** A mail server under test, from install to removal. */
export interface MailServer {
  readonly name: string;

  /** The queue id in its reply to a message. */
  readonly queuedId: RegExp;

  /** Whether it can do TLS and AUTH; when not, the client goes without. */
  readonly secure: boolean;

  /** The most messages it takes on one connection, where that matters. */
  readonly messagesPerConnection?: number;

  /** What it must come to when a mode is wanted. */
  readonly realModes: RealModes;

  /** Whether it offers PIPELINING and yet turns away what came behind a dot. */
  readonly refusesOneFlight?: boolean;

  /** What it makes of the modes, for the page. */
  readonly remark: string;

  /**
   * Installs and starts it. It takes mail for any address of `example.com`
   * from an authenticated client over TLS, and delivers to Maildirs.
   */
  start(setting: ServerSetting): Promise<RunningServer>;
}

/** The modes that a client can ask for. */
export type WantedMode = 'auto' | 'off' | 'envelope' | 'oneflight';

/** What each wanted mode comes to. */
export type RealModes = Readonly<Record<WantedMode, MailStats['pipelining']>>;

/** A server that takes whatever is wanted. */
export const WHOLE_RANGE: RealModes = {
  auto: 'oneflight',
  off: 'lockstep',
  envelope: 'envelope',
  oneflight: 'oneflight',
};

/** A server that runs. */
export interface RunningServer {
  readonly version: string;

  /** Holds one Maildir for each local part. */
  readonly mailFolder: string;

  /**
   * Folders of messages that are not delivered yet, in the order in which a
   * message moves through them.
   */
  readonly queueFolders: readonly string[];

  /** Delivers what waits; for servers that do not by themselves. */
  flush?(): Promise<void>;

  /** What the server has logged, for failures. */
  log(): Promise<string>;

  /** Ends every process and removes every file. */
  stop(): Promise<void>;
}

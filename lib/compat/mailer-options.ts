import type {
  FactoryProvider,
  ModuleMetadata,
  Provider,
  Type,
} from '@nestjs/common';
import type {
  JSONTransportOptions,
  SMTPPoolOptions,
  SMTPTransportOptions,
  StreamTransportOptions,
} from 'nodemailer';
import type { SendGridSmtpMailDefaults } from '../options/mail-defaults.js';
import type { MailPlugin } from '../options/resolved-options.js';
import type { SendGridSmtpOptions } from '../options/sendgrid-smtp-options.js';
import type { MailerTemplateSettings } from './template-adapter.js';

/**
 * Where mail goes, in nodemailer's words for SendGrid's relay (an object, or a
 * connection URL), or in this package's own (an object with `apiKey` or
 * `mode`). `jsonTransport` and `streamTransport` keep mail in memory, as
 * `mode: 'capture'` does.
 */
export type TransportType =
  | SMTPTransportOptions
  | SMTPPoolOptions
  | JSONTransportOptions
  | StreamTransportOptions
  | SendGridSmtpOptions
  | string;

/** A bound on how fast mail leaves. */
export interface RateLimitOptions {
  /** Messages in any stretch of `period`. */
  readonly maxMessages: number;

  /**
   * In milliseconds.
   *
   * @defaultValue 1000
   */
  readonly period?: number | undefined;
}

/** What `MailerModule` is configured with: the options of @nestjs-modules/mailer. */
export interface MailerOptions extends MailerTemplateSettings {
  /** The transport of messages that name none. */
  readonly transport?: TransportType | undefined;

  /**
   * Transports by name, each with a key and a pool of its own. They share the
   * relay's host, port and TLS; what one leaves out is as `transport` has it.
   */
  readonly transports?: Readonly<Record<string, TransportType>> | undefined;

  /** Fields of every message that does not set them itself. */
  readonly defaults?: SendGridSmtpMailDefaults | undefined;

  /** Not supported: a line is logged. */
  readonly preview?: unknown;

  /** Whether to connect and log in at bootstrap; a failure is logged. */
  readonly verifyTransporters?: boolean | undefined;

  /** nodemailer plugins. */
  readonly plugins?: readonly MailPlugin[] | undefined;

  /** Milliseconds after which a send is given up; see `timeout` of a message. */
  readonly sendTimeout?: number | undefined;

  /** How fast mail leaves, over all connections, `sendMail` included. */
  readonly rateLimit?: RateLimitOptions | undefined;
}

/** A class that makes the options, for `useClass` and `useExisting`. */
export interface MailerOptionsFactory {
  /** Called once, at bootstrap. */
  createMailerOptions(): Promise<MailerOptions> | MailerOptions;
}

/** The argument of `MailerModule.forRootAsync`. */
export interface MailerAsyncOptions {
  /** Modules whose exports the factory or class needs. */
  readonly imports?: NonNullable<ModuleMetadata['imports']>;

  /** What `useFactory` is called with. */
  readonly inject?: NonNullable<FactoryProvider['inject']>;

  /** Makes the options from what is injected. */
  readonly useFactory?: (
    // Parameters are contravariant: `never` admits a factory of any parameters.
    ...injected: never[]
  ) => Promise<MailerOptions> | MailerOptions;

  /** Instantiated by the module. */
  readonly useClass?: Type<MailerOptionsFactory>;

  /** A provider that exists already. */
  readonly useExisting?: Type<MailerOptionsFactory>;

  /** Further providers of the module. */
  readonly extraProviders?: Provider[];
}

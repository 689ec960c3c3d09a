import type { DKIMOptions, MailDefaults, PluginFunction } from 'nodemailer';
import type { AddressPatterns } from './address-patterns.js';
import type { AllowedUrls } from './allowed-urls.js';
import type { KeyFunction } from './ask-for-key.js';
import type { DrainReport } from './drain-report.js';
import type { Secret } from './secret.js';
import type { SuppressionList } from './suppression-list.js';
import type { TemplateRenderer } from './template-renderer.js';
import type { UnknownSendStore } from './unknown-send-store.js';

/** How the connection to the relay is protected. */
export type Security = 'starttls' | 'implicit' | 'none';

/**
 * How commands are grouped on the wire. `off` waits for every reply,
 * `envelope` groups MAIL, RCPT and DATA (2 round trips), `oneflight` also
 * sends the next envelope with the body (1 round trip), `auto` finds out.
 */
export type Pipelining = 'auto' | 'envelope' | 'oneflight' | 'off';

/** A nodemailer plugin and the step it runs in. */
export interface MailPlugin {
  readonly step: 'compile' | 'stream';
  readonly plugin: PluginFunction;
}

/** Where the relay is and how to reach it. */
export interface ResolvedRelay {
  readonly host: string;
  readonly port: number;
  readonly security: Security;
  readonly apiKey: Secret<string | KeyFunction> | undefined;
  readonly ehloName: string;
  readonly tls: {
    readonly ca: string | Buffer | (string | Buffer)[] | undefined;
    readonly servername: string | undefined;
    readonly minVersion: 'TLSv1.2' | 'TLSv1.3';
  };
}

/** Bounds of the connection pool. */
export interface ResolvedPoolOptions {
  readonly maxConnections: number;
  readonly minConnections: number;
  readonly maxMessagesPerConnection: number;
  readonly maxConnecting: number;
  readonly idleTimeoutMs: number;
  readonly maxLifetimeMs: number;
  readonly pipelining: Pipelining;
}

/** Bounds of the in-memory queue. */
export interface ResolvedQueueOptions {
  readonly maxMessages: number;
  readonly maxBytes: number;
  readonly maxStreamBytes: number;
  readonly whenFull: 'reject' | 'wait';
  readonly failFastAfterMs: number;
}

/** When what was refused for now is tried again, in milliseconds. */
export interface ResolvedRetryOptions {
  readonly maxAttempts: number;
  readonly baseDelayMs: number;
  readonly maxDelayMs: number;

  /** By lane. */
  readonly maxAgeMs: {
    readonly urgent: number;
    readonly normal: number;
    readonly bulk: number;
  };
  readonly maxHoldMs: number;
  readonly onUnknown: 'fail' | 'retry' | 'reconcile';
  readonly reconcileMs: number;
}

/** Never more than `messages` in any stretch of `perMs` milliseconds. */
export interface ResolvedRateLimit {
  readonly messages: number;
  readonly perMs: number;
}

/** Where mail goes instead of to its recipients, and who still gets it. */
export interface ResolvedRedirect {
  readonly to: string;
  readonly except: AddressPatterns;
}

/** More than `messages` in any stretch of `perMs` milliseconds is too many. */
export interface ResolvedGuard {
  readonly messages: number;
  readonly perMs: number;
  readonly onExceeded: 'warn' | 'reject';
}

/** The guards against loops that run away. */
export interface ResolvedGuards {
  readonly perRecipient: ResolvedGuard | undefined;
  readonly total: ResolvedGuard | undefined;
}

/** Which files and URLs may be content. */
export interface ResolvedAttachments {
  /** Absolute. Files are refused when there is none. */
  readonly directory: string | undefined;

  /** URLs are refused when there are none. */
  readonly urls: AllowedUrls | undefined;
  readonly urlTimeoutMs: number;
}

/** Time limits of the wire, in milliseconds. */
export interface ResolvedTimeouts {
  readonly connectMs: number;
  readonly greetingMs: number;
  readonly commandMs: number;
  readonly acceptMs: number;
}

/** What happens when the application closes. */
export interface ResolvedShutdown {
  readonly timeoutMs: number;
  readonly onReport:
    ((report: DrainReport) => void | Promise<void>) | undefined;
}

/** Who the tenants of an instance are. */
export interface ResolvedTenants {
  /** How many of their pools are kept. */
  readonly max: number;

  /**
   * The options of one, asked for anew.
   *
   * @throws InvalidOptionsError naming the tenant
   */
  readonly of: (id: string) => ResolvedOptions;
}

/** The options with every default applied, as the layers below the face read them. */
export interface ResolvedOptions {
  readonly mode: 'smtp' | 'capture' | 'discard';
  readonly relay: ResolvedRelay;
  readonly allowedFrom: AddressPatterns | undefined;
  readonly tenants: ResolvedTenants | undefined;
  readonly redirect: ResolvedRedirect | undefined;
  readonly defaults: MailDefaults;
  readonly pool: ResolvedPoolOptions;
  readonly queue: ResolvedQueueOptions;
  readonly rateLimit: ResolvedRateLimit | undefined;
  readonly retry: ResolvedRetryOptions;
  readonly guards: ResolvedGuards;
  readonly suppressions: SuppressionList | undefined;
  readonly unknownSends: UnknownSendStore | undefined;
  readonly templates: TemplateRenderer | undefined;
  readonly timeouts: ResolvedTimeouts;
  readonly correlation: boolean;
  readonly maxMessageBytes: number;
  readonly attachments: ResolvedAttachments;
  readonly plugins: readonly MailPlugin[];
  readonly dkim: DKIMOptions | undefined;
  readonly shutdown: ResolvedShutdown;
  readonly showRecipients: boolean;
  readonly verifyOnStart: false | 'warn' | 'fail';

  /** What is odd but allowed: logged once at start, free of secrets. */
  readonly warnings: readonly string[];
}

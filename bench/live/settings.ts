import { Secret } from '../../lib/options/secret.js';

/** Where and what to ask. */
export interface LiveSettings {
  readonly host: string;
  readonly port: number;
  /** Only for a relay with a certificate of its own. */
  readonly ca?: string;
  readonly apiKey: Secret;
  readonly from: string;
  readonly to: string;
  /** Messages whose final reply is timed. */
  readonly messages: number;
  /** Asks what this many messages and one more get, all to `sink`. */
  readonly cap?: { readonly messages: number; readonly sink: string };
  /** Waits this long for an idle connection to be closed. */
  readonly idleMs?: number;
}

/** How it is used; printed when something is missing. */
export const USAGE = `Measures SendGrid's SMTP relay with your own account. Set
  SENDGRID_API_KEY  a key with the Mail Send permission
  LIVE_FROM         a verified sender
  LIVE_TO           who receives about 40 small messages
and run
  npm run live              some 30 seconds
  npm run live -- --cap     also 5,001 messages on one connection, to LIVE_SINK,
                            such as an address at sink.sendgrid.net
  npm run live -- --idle    also waits up to 10 minutes for an idle close`;

/** Reads environment and arguments; a text says what is missing. */
export function readSettings(
  env: Readonly<Record<string, string | undefined>>,
  args: readonly string[],
): LiveSettings | string {
  const apiKey = env['SENDGRID_API_KEY'];
  const from = env['LIVE_FROM'];
  const to = env['LIVE_TO'];
  if (!apiKey) return 'SENDGRID_API_KEY is not set.';
  if (!from || !to) return 'LIVE_FROM and LIVE_TO must both be set.';
  const unknown = args.find((arg) => arg !== '--cap' && arg !== '--idle');
  if (unknown !== undefined) return `${unknown} is not known.`;
  const sink = env['LIVE_SINK'];
  const wantsCap = args.includes('--cap');
  if (wantsCap && !sink) return '--cap needs LIVE_SINK.';
  return {
    host: 'smtp.sendgrid.net',
    port: 587,
    apiKey: new Secret(apiKey),
    from,
    to,
    messages: 36,
    ...(wantsCap && sink ? { cap: { messages: 5000, sink } } : {}),
    ...(args.includes('--idle') ? { idleMs: 600_000 } : {}),
  };
}

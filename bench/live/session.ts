import { path } from '../../lib/smtp/command.js';
import { expectReply, plainSecret, Prober } from './prober.js';
import type { LiveSettings } from './settings.js';

/** What setting a connection up has shown. */
export interface SetUp {
  readonly greeting: string;
  /** From the start of connecting. */
  readonly greetingMs: number;
  readonly keywords: readonly string[];
  readonly tls: { readonly version: string; readonly cipher: string };
}

/** Connects and goes as far as the EHLO after STARTTLS. */
export async function open(
  settings: LiveSettings,
): Promise<{ prober: Prober; setUp: SetUp }> {
  const began = performance.now();
  const prober = Prober.open(settings);
  try {
    const greeting = expectReply(await prober.reply(), 220);
    const greetingMs = performance.now() - began;
    await prober.say('EHLO [127.0.0.1]', 250);
    await prober.say('STARTTLS', 220);
    const tls = await prober.secure();
    const { text } = await prober.say('EHLO [127.0.0.1]', 250);
    const keywords = text.split('\n').slice(1);
    return {
      prober,
      setUp: { greeting: greeting.text, greetingMs, keywords, tls },
    };
  } catch (error) {
    prober.destroy();
    throw error;
  }
}

/** Connects and signs in. */
export async function signIn(settings: LiveSettings): Promise<Prober> {
  const { prober } = await open(settings);
  try {
    await prober.say(authPlain(settings), 235);
    return prober;
  } catch (error) {
    prober.destroy();
    throw error;
  }
}

export function authPlain({ apiKey }: LiveSettings): string {
  return `AUTH PLAIN ${plainSecret(apiKey)}`;
}

/** MAIL, RCPT and DATA. */
export function envelope(from: string, to: string): string[] {
  return [`MAIL FROM:${path(from)}`, `RCPT TO:${path(to)}`, 'DATA'];
}

/** A small message with its final dot. */
export function message(from: string, to: string, what: string): string {
  return `From: ${from}\r\nTo: ${to}\r\nSubject: ${what}\r\n\r\nA measurement of the relay: ${what}.\r\n.\r\n`;
}

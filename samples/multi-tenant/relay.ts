import { Logger } from '@nestjs/common';
import type { SendGridSmtpOptions } from 'nestjs-sendgrid-smtp';
import { FakeSendGrid } from 'nestjs-sendgrid-smtp/testing';

/** Where mail goes: to SendGrid with `TENANT_KEYS`, else to one on loopback. */
export class Relay {
  private constructor(
    readonly options: SendGridSmtpOptions,
    private readonly keys: Readonly<Record<string, string>>,
    private readonly fake?: FakeSendGrid,
  ) {}

  static async start(): Promise<Relay> {
    const { TENANT_KEYS } = process.env;
    if (TENANT_KEYS) return new Relay({}, keysIn(TENANT_KEYS));
    const keys = { acme: madeUpKey('a'), globex: madeUpKey('g') };
    const fake = await FakeSendGrid.start({
      apiKey: Object.values(keys),
      keepMessages: 100,
    });
    new Logger('Sample').warn(
      `TENANT_KEYS is not set: mail goes to a fake SendGrid on ${fake.host}:${fake.port} and is not delivered.`,
    );
    const { host, port, security, tls } = fake.options;
    return new Relay({ host, port, security, tls }, keys, fake);
  }

  /** A tenant's API key, if it has one. */
  keyOf(id: string): string | undefined {
    return Object.hasOwn(this.keys, id) ? this.keys[id] : undefined;
  }

  async stop(): Promise<void> {
    await this.fake?.stop();
  }
}

/** Reads `acme=SG...,globex=SG...`. */
function keysIn(text: string): Record<string, string> {
  return Object.fromEntries(
    text.split(',').map((pair) => {
      const [id = '', key = ''] = pair.split('=', 2);
      return [id.trim(), key.trim()];
    }),
  );
}

function madeUpKey(letter: string): string {
  return `SG.${letter.repeat(22)}.${letter.repeat(43)}`;
}

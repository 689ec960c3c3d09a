import { Injectable } from '@nestjs/common';
import type { SendGridSmtpTenantOptions } from 'nestjs-sendgrid-smtp';
import { Relay } from './relay.js';

/** Who sends, as your database knows them. */
@Injectable()
export class Customers {
  readonly #senders = new Map([
    ['acme', 'Acme <mail@acme.example>'],
    ['globex', 'Globex <mail@globex.example>'],
  ]);

  constructor(private readonly relay: Relay) {}

  has(id: string): boolean {
    return this.#senders.has(id);
  }

  /** What is a customer's own: asked for at its first mail. */
  mailOptions(id: string): SendGridSmtpTenantOptions {
    const from = this.#senders.get(id);
    if (from === undefined) throw new Error('No such customer.');
    return {
      apiKey: this.relay.keyOf(id),
      defaults: { from },
      pool: { maxConnections: 2 },
    };
  }
}

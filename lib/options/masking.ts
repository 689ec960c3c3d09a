import { maskRecipient, redactAddresses, redactSecrets } from './redact.js';

/**
 * What logs and events may show of texts that come from elsewhere, such as
 * replies: never a secret, and of addresses the domain only, unless the option
 * `showRecipients` says otherwise.
 */
export class Masking {
  readonly #showRecipients: boolean;

  constructor(showRecipients: boolean) {
    this.#showRecipients = showRecipients;
  }

  text(text: string): string {
    const safe = redactSecrets(text);
    return this.#showRecipients ? safe : redactAddresses(safe);
  }

  address(address: string): string {
    return this.#showRecipients
      ? redactSecrets(address)
      : maskRecipient(address);
  }
}

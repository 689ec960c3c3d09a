import { Group } from './group.decorator.js';
import {
  GuardOptions,
  type SendGridSmtpGuardOptions,
} from './guard.options.js';
import { OptionGroup } from './option-group.js';
import type { ResolvedGuards } from './resolved-options.js';

/** How many messages are usual; more are taken for a loop that ran away. */
export interface SendGridSmtpGuardsOptions {
  /**
   * Messages to one recipient. The 10,000 recipients written to last are
   * remembered; one that was forgotten starts from nothing.
   *
   * @defaultValue none
   */
  readonly perRecipient?: SendGridSmtpGuardOptions | undefined;

  /**
   * Messages in all, each counted once whatever its recipients.
   *
   * @defaultValue none
   */
  readonly total?: SendGridSmtpGuardOptions | undefined;
}

/** Validates {@link SendGridSmtpGuardsOptions}. */
export class GuardsOptions extends OptionGroup {
  @Group()
  readonly perRecipient = new GuardOptions();

  @Group()
  readonly total = new GuardOptions();

  toGuards(): ResolvedGuards {
    return Object.freeze({
      perRecipient: this.perRecipient.toGuard(),
      total: this.total.toGuard(),
    });
  }
}

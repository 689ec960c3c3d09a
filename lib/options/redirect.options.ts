import {
  AddressPatterns,
  patternsProblem,
  plainAddress,
} from './address-patterns.js';
import { OptionGroup, type UnknownName } from './option-group.js';
import type { ResolvedRedirect } from './resolved-options.js';
import { Rule, RuleEvenIfAbsent } from './rule.js';

/** Where all mail goes instead of to its recipients. */
export interface SendGridSmtpRedirectOptions {
  /** The one address that takes the mail, without a name. */
  readonly to: string;

  /**
   * Recipients that get their mail all the same: addresses
   * (`ada@shop.example`) and domains (`shop.example`, `@shop.example` or
   * `*@shop.example`). A domain does not stand for its sub-domains; case does
   * not matter.
   *
   * @defaultValue none
   */
  readonly except?: readonly string[] | undefined;
}

/** Validates {@link SendGridSmtpRedirectOptions}. */
export class RedirectOptions extends OptionGroup {
  #given = false;

  @RuleEvenIfAbsent(targetProblem)
  readonly to: string | undefined = undefined;

  @Rule(patternsProblem)
  readonly except: readonly string[] = [];

  get given(): boolean {
    return this.#given;
  }

  override take(input: object, path?: string): UnknownName[] {
    this.#given = true;
    return super.take(input, path);
  }

  toRedirect(): ResolvedRedirect | undefined {
    const to = plainAddress(this.to);
    if (to === undefined) return undefined;
    return Object.freeze({ to, except: new AddressPatterns(this.except) });
  }
}

function targetProblem(to: unknown, group: object): string | undefined {
  if (!(group instanceof RedirectOptions) || !group.given) return undefined;
  if (to === undefined)
    return 'is required: give the address that takes the mail, or leave `redirect` out; when it comes from an environment variable, that is unset here';
  return plainAddress(to) === undefined
    ? 'must be one address without a name, such as "qa@shop.example", {got}'
    : undefined;
}

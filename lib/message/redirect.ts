import type { ResolvedRedirect } from '../options/resolved-options.js';
import type { Addressee } from './addressees.js';

/** Leads recipients to one address, but for those that are excepted. */
export class Redirect {
  readonly #target: string;
  readonly #except: ResolvedRedirect['except'];

  constructor({ to, except }: ResolvedRedirect) {
    this.#target = to;
    this.#except = except;
  }

  /** Who gets the mail of a recipient: itself when it is excepted. */
  address(original: string): string {
    return this.#except.matches(original) ? original : this.#target;
  }

  /** The same with a name, which only who is excepted keeps. */
  mailbox({ name, address: original }: Addressee): Addressee {
    const address = this.address(original);
    return { name: address === original ? name : '', address };
  }

  /** Who gets the mail of several recipients, each once. */
  addresses(originals: readonly string[]): string[] {
    return [...new Set(originals.map((original) => this.address(original)))];
  }

  /** Tells whether mail may go to an address: whether it leads to itself. */
  permits(address: string): boolean {
    return this.address(address) === address;
  }
}

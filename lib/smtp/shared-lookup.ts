import { lookup, type LookupAddress, type LookupOptions } from 'node:dns';

type Callback = (
  error: NodeJS.ErrnoException | null,
  address: string | LookupAddress[],
  family?: number,
) => void;

type AllCallback = (
  error: NodeJS.ErrnoException | null,
  addresses: LookupAddress[],
) => void;

/**
 * Name look-ups for sockets: asked anew for every connection, since SendGrid's
 * addresses change, but with one question per host under way at a time.
 */
export class SharedLookup {
  readonly #waiting = new Map<string, AllCallback[]>();

  readonly lookup = (
    hostname: string,
    options: LookupOptions,
    callback: Callback,
  ): void => {
    this.#ask(hostname, (error, addresses) => {
      if (options.all === true || error !== null) {
        callback(error, addresses);
        return;
      }
      const [first] = addresses;
      callback(null, first?.address ?? '', first?.family);
    });
  };

  #ask(hostname: string, callback: AllCallback): void {
    const waiting = this.#waiting.get(hostname);
    if (waiting !== undefined) {
      waiting.push(callback);
      return;
    }
    this.#waiting.set(hostname, [callback]);
    lookup(hostname, { all: true }, (error, addresses) => {
      const callbacks = this.#waiting.get(hostname) ?? [];
      this.#waiting.delete(hostname);
      for (const answer of callbacks) answer(error, addresses);
    });
  }
}

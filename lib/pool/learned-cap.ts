import type { Telling } from '../events/telling.js';
import { PerHost } from '../smtp/per-host.js';

/** Ends alike that make a cap, where connections are not lost otherwise. */
const FEWEST_SIGHTINGS = 3;

/** What ends sooner than this has no cap but a trouble. */
const FEWEST_MESSAGES = 10;

/** No cap above SendGrid's own needs to be learned. */
const HIGHEST = 5000;

/** How likely a cap may be the work of chance. */
const MAX_CHANCE = 2e-5;

/** Messages after which what was seen of random losses counts half. */
const MEMORY = 100_000;

/** How long a cap must have been kept before more is tried; doubled by each relapse. */
const FIRST_QUIET_MS = 30 * 60_000;
const MAX_QUIET_MS = 24 * 3_600_000;

/** How many ends are kept in mind. */
const MAX_SIGHTINGS = 64;

interface Sighting {
  readonly messages: number;
  readonly at: number;
}

const caps = new PerHost(() => new LearnedCap());

/**
 * After how many messages a relay ends a connection by itself, or takes no
 * more on it, when it keeps doing so. Known to all pools of this process.
 *
 * Ends alike, one connection after the other, are a cap when chance is no
 * explanation for them: the more connections are lost at random, the more
 * ends it takes.
 */
export class LearnedCap {
  #value = Infinity;
  /** The most that is known to be safe, while more is tried. */
  #proven = Infinity;
  #changedAt = 0;
  #quietMs = FIRST_QUIET_MS;
  #sightings: Sighting[] = [];
  /** Messages and ends by the relay that were seen lately. */
  #messages = 0;
  #ends = 0;
  #doubtedAbove = Infinity;

  static of(host: string, port: number): LearnedCap {
    return caps.of(`${host}:${port}`);
  }

  /** Infinity while none is known. */
  get value(): number {
    return this.#value;
  }

  /** A connection that brings more messages through than this is of interest. */
  get doubtedAbove(): number {
    return this.#doubtedAbove;
  }

  /** An open connection has brought that many through. */
  survived(messages: number): void {
    this.#sightings = this.#sightings.filter(
      (one) => one.messages + 1 >= messages,
    );
    if (this.#raised) this.#proven = Math.max(this.#proven, messages);
    this.#watch();
  }

  /** A connection is over that had brought that many through, whatever ended it. */
  carried(messages: number): void {
    this.#messages += messages;
    if (this.#messages < MEMORY) return;
    this.#messages /= 2;
    this.#ends /= 2;
  }

  /** The relay had enough of a connection, made at `createdAt`, after that many. */
  ended(messages: number, createdAt: number, telling: Telling): void {
    this.survived(messages);
    if (this.#relapsed(messages)) {
      this.#quietMs = Math.min(2 * this.#quietMs, MAX_QUIET_MS);
      this.#set(messages, telling);
      return;
    }
    const alike = this.#sightings.filter(
      (one) => Math.abs(one.messages - messages) <= 1,
    );
    // Connections that stood side by side may have been ended together.
    if (alike.some(({ at }) => at > createdAt)) return;
    this.#ends += 1;
    if (messages < FEWEST_MESSAGES) return;
    const sighting = { messages, at: performance.now() };
    alike.push(sighting);
    this.#sightings = [...this.#sightings.slice(1 - MAX_SIGHTINGS), sighting];
    if (this.#isCap(alike.length, messages)) {
      this.#set(Math.min(...alike.map((one) => one.messages)), telling);
    } else this.#watch();
  }

  /** Tries a tenth more, once the cap has been kept for long enough. */
  review(telling: Telling): void {
    if (this.#value === Infinity) return;
    if (performance.now() - this.#changedAt < this.#quietMs) return;
    this.#changedAt = performance.now();
    this.#value += Math.ceil(this.#value / 10);
    if (this.#value >= HIGHEST) {
      this.#value = this.#proven = Infinity;
      telling.log.info(
        'The relay is no longer known to end connections after some number of messages; `pool.maxMessagesPerConnection` alone decides.',
      );
      tell(undefined, telling);
    }
    this.#watch();
  }

  get #raised(): boolean {
    return this.#value > this.#proven;
  }

  #relapsed(messages: number): boolean {
    const tried = messages <= this.#value && messages + 1 >= this.#proven;
    return this.#raised && tried;
  }

  /** Whether so many ends alike would hardly come by chance. */
  #isCap(alike: number, messages: number): boolean {
    if (alike < FEWEST_SIGHTINGS || messages >= this.#value) return false;
    const others = Math.max(0, this.#ends - alike);
    const perMessage = (others + 0.5) / (this.#messages + messages + 100);
    // Each end could have been the first of such a row.
    const chance = (3 * perMessage) ** (alike - 1) * (others + 1);
    return chance <= MAX_CHANCE;
  }

  #set(cap: number, telling: Telling): void {
    this.#value = this.#proven = cap;
    this.#changedAt = performance.now();
    this.#sightings = [];
    this.#watch();
    telling.log.info(
      `The relay ends connections after ${cap} messages: they are replaced before that from now on.`,
    );
    tell(cap, telling);
  }

  #watch(): void {
    const lowest = Math.min(...this.#sightings.map((one) => one.messages));
    const proven = this.#raised ? this.#proven : Infinity;
    this.#doubtedAbove = Math.min(lowest + 1, proven);
  }
}

function tell(cap: number | undefined, { events }: Telling): void {
  if (events.listening) events.emit({ type: 'cap-learned', cap });
}

import { seededRandom } from '../seeded-random.js';

/** Where a fault strikes. */
export type Stage =
  | 'greeting'
  | 'ehlo'
  | 'starttls'
  | 'auth'
  | 'rset'
  | 'mail'
  | 'rcpt'
  | 'data'
  | 'body'
  | 'dot';

/** What happens there in place of the usual reply. */
export type FaultKind =
  /** 4yz; inside a body, before its dot. */
  | 'temporary'
  /** 5yz, likewise. */
  | 'permanent'
  /** 421 and the end of the connection. */
  | 'closing'
  /** The connection ends in good order, without a reply. */
  | 'end'
  /** The connection is reset. */
  | 'reset'
  /** Bytes that are no reply. */
  | 'garbage'
  /** A multi-line reply whose code changes. */
  | 'mixed'
  /** Nothing, for longer than the client waits. */
  | 'stall'
  /** No reply to this one command, while all later ones have theirs. */
  | 'omitted'
  /** Half of the usual reply and the end of the connection. */
  | 'half'
  /** A reply that has no meaning here. */
  | 'odd'
  /** A refusal, after which the server takes DATA all the same. */
  | 'lenient'
  /** The usual reply byte by byte: no fault, but easily taken for one. */
  | 'slow'
  /** The usual reply in two lines, likewise. */
  | 'lines';

/** One fault, ready to strike. */
export interface Fault {
  readonly stage: Stage;
  readonly kind: FaultKind;

  /** A number in [0, 1) for whatever the fault leaves open. */
  readonly dice: number;
}

const ANYWHERE: readonly FaultKind[] = [
  'closing',
  'end',
  'reset',
  'garbage',
  'mixed',
  'half',
];
const REFUSALS: readonly FaultKind[] = ['temporary', 'permanent'];
const HARMLESS: readonly FaultKind[] = ['slow', 'lines'];

/** Whether a fault leaves the conversation to go on. */
export function goesOn(fault: Fault): boolean {
  return isHarmless(fault) || fault.kind === 'omitted';
}

/** Whether a fault is none, for who reads replies as they may be written. */
export function isHarmless({ kind }: Fault): boolean {
  return HARMLESS.includes(kind);
}

/** Every fault that can strike a message. */
const OF_MESSAGES: readonly (readonly [Stage, readonly FaultKind[]])[] = [
  ['mail', [...ANYWHERE, ...REFUSALS, ...HARMLESS, 'odd', 'lenient']],
  ['rcpt', [...ANYWHERE, ...REFUSALS, ...HARMLESS, 'odd', 'lenient']],
  ['data', [...ANYWHERE, ...REFUSALS, ...HARMLESS, 'odd']],
  ['body', [...REFUSALS, 'closing', 'end', 'reset', 'garbage', 'mixed']],
  ['dot', [...ANYWHERE, ...REFUSALS, ...HARMLESS, 'odd']],
];

/** Every fault that can strike a connection; none may settle a message. */
const OF_CONNECTIONS: readonly (readonly [Stage, readonly FaultKind[]])[] = [
  ['greeting', [...ANYWHERE, ...REFUSALS]],
  ['ehlo', [...ANYWHERE, ...REFUSALS, ...HARMLESS]],
  ['starttls', [...ANYWHERE, ...REFUSALS, ...HARMLESS]],
  ['auth', [...ANYWHERE, 'temporary', ...HARMLESS]],
];

/** Few connections are told RSET, hence a table and a rate of its own. */
const OF_RSET: typeof OF_CONNECTIONS = [
  ['rset', [...ANYWHERE, ...REFUSALS, ...HARMLESS]],
];

/**
 * Silence costs a client's patience each time, so there is less of it. A
 * reply to a dot is never left out alone: with an envelope behind it nobody
 * can tell which is missing.
 */
const SILENCE: typeof OF_MESSAGES = [
  ['mail', ['stall', 'omitted']],
  ['rcpt', ['stall', 'omitted']],
  ['data', ['stall', 'omitted']],
  ['body', ['stall']],
  ['dot', ['stall']],
];

/** Likewise, in a set-up and at RSET. */
const SILENCE_OF_CONNECTIONS: typeof OF_MESSAGES = [
  ['greeting', ['stall']],
  ['ehlo', ['stall']],
  ['starttls', ['stall']],
  ['auth', ['stall', 'omitted']],
  ['rset', ['stall', 'omitted']],
];

/** How a connection that has carried enough messages is ended. */
export interface Cap {
  readonly messages: number;
  readonly how: 'closing' | 'end' | 'after-dot';
}

/** How often faults strike, each a share of 1. */
export interface FaultRates {
  readonly message: number;
  readonly stall: number;
  readonly connection: number;
  readonly connectionStall: number;
  readonly rset: number;
  readonly cap: number;
}

/**
 * Which faults strike: a function of the seed alone, so that a message meets
 * the same ones however the work is spread over connections.
 */
export class FaultPlan {
  readonly #seed: number;
  readonly #rates: FaultRates;

  constructor(seed: number, rates: FaultRates) {
    this.#seed = seed;
    this.#rates = rates;
  }

  /** What befalls an attempt, counted from 1, to deliver a message. */
  ofAttempt(message: number, attempt: number): Fault | undefined {
    const random = this.#random(message * 16 + attempt);
    const roll = random();
    if (roll < this.#rates.stall) return pickFault(SILENCE, random);
    if (roll >= this.#rates.stall + this.#rates.message) return undefined;
    return pickFault(OF_MESSAGES, random);
  }

  /** What befalls a connection, counted from 1, outside of its messages. */
  ofConnection(connection: number): Fault | undefined {
    const random = this.#random(-connection);
    const roll = random();
    const { connection: setUp, rset, connectionStall } = this.#rates;
    if (roll < setUp) return pickFault(OF_CONNECTIONS, random);
    if (roll < setUp + rset) return pickFault(OF_RSET, random);
    const silent = roll < setUp + rset + connectionStall;
    return silent ? pickFault(SILENCE_OF_CONNECTIONS, random) : undefined;
  }

  capOf(connection: number): Cap | undefined {
    const random = this.#random(-connection - 0.5);
    if (random() >= this.#rates.cap) return undefined;
    const messages = 2 + Math.floor(random() * 60);
    const how = pick(['closing', 'end', 'after-dot'] as const, random);
    return { messages, how };
  }

  #random(of: number): () => number {
    return seededRandom(this.#seed * 1_000_003 + of * 7919);
  }
}

function pickFault(
  table: readonly (readonly [Stage, readonly FaultKind[]])[],
  random: () => number,
): Fault {
  const [stage, kinds] = pick(table, random);
  return { stage, kind: pick(kinds, random), dice: random() };
}

/** One of the given, all equally likely. */
export function pick<T>(items: readonly T[], random: () => number): T {
  const item = items[Math.floor(random() * items.length)];
  if (item === undefined) throw new Error('nothing to pick from');
  return item;
}

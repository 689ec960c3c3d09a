import type { Fault } from './faults.js';

/** What a client may make of one attempt; `moved` is to try it elsewhere. */
export type Outcome = 'accepted' | 'rejected' | 'unknown' | 'moved';

/** One attempt to deliver a message, as the server saw it. */
export class Attempt {
  readonly connection: number;

  /** What was answered, in order. */
  readonly history: string[] = [];

  /** Recipients that it was for, as far as their RCPT came. */
  readonly asked: string[] = [];

  /** Those whose RCPT was accepted. */
  readonly recipients: string[] = [];

  /** What the others were refused with. */
  readonly refused = new Map<string, number>();

  /** Whether the body was asked for, and whether it came with its dot. */
  goAhead = false;
  dot = false;

  /** Whether the server has the message now and is to deliver it. */
  taken = false;

  /** Whether a body must not follow. */
  forbidden = false;

  /** Until something is decided a lost connection leaves the message free. */
  outcomes: readonly Outcome[] = ['moved'];

  /** The refusal that a rejection has to name. */
  refusal: { readonly code: number; readonly command: string } | undefined;

  constructor(connection: number) {
    this.connection = connection;
  }

  /** Whether the client may have lost a reply that was on its way. */
  doubt(): void {
    const otherwise = this.dot ? 'unknown' : 'moved';
    if (!this.outcomes.includes(otherwise)) {
      this.outcomes = [...this.outcomes, otherwise];
    }
  }

  toString(): string {
    const taken = this.taken ? ', taken' : '';
    return `on connection ${this.connection}: ${this.history.join(', ')} (${this.outcomes.join(' or ')}${taken})`;
  }
}

/**
 * What a client has to make of a fault. `left` tells whether the client has
 * written all of the body; where the server cannot know, there are two.
 */
export function outcomesOf(
  { stage, kind }: Fault,
  left: boolean,
): readonly Outcome[] {
  if (kind === 'temporary' || kind === 'permanent') return ['rejected'];
  switch (stage) {
    case 'dot':
      return kind === 'closing' ? ['rejected'] : ['unknown'];
    case 'body':
      if (kind === 'closing')
        return left ? ['rejected'] : ['rejected', 'moved'];
      // Who is stalled writes on until the dot.
      return left || kind === 'stall' ? ['unknown'] : ['unknown', 'moved'];
    default:
      return kind === 'lenient' ? ['rejected'] : ['moved'];
  }
}

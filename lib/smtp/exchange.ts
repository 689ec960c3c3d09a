import type { Capabilities } from './capabilities.js';
import { commandLine, mailCommand, rcptCommand } from './command.js';
import type { EnvelopeVerdict } from './envelope-verdict.js';
import type { Behind } from './pipelining-policy.js';
import type { Reply } from './reply.js';
import type { Transaction } from './transaction.js';

/** How far a transaction is on its connection. */
export type ExchangeStage = 'envelope' | 'ready' | 'body' | 'dot' | 'lone-dot';

/** One command of the envelope and what its reply is for. */
type Step = 'RSET' | 'MAIL' | 'RCPT' | 'DATA';

/**
 * One transaction on one connection: the commands of its envelope, how many
 * of them are written, and the replies so far.
 */
export class Exchange {
  readonly transaction: Transaction;

  /** What the envelope went out behind, without waiting for a reply to it. */
  readonly behind: Behind | undefined;

  readonly recipients: (Reply | undefined)[];
  readonly #commands: readonly string[];
  readonly #resets: boolean;
  #written = 0;
  #answered = 0;
  mail: Reply | undefined;
  data: Reply | undefined;
  stage: ExchangeStage = 'envelope';

  /** The dot has left once the channel has flushed more often than this. */
  dotAfter = 0;

  /** The caller has given up; nothing more is written for it. */
  abandoned = false;

  /** Whether the source of the body has been opened. */
  bodyOpened = false;

  /** Why it was refused, although the server then waited for a body. */
  refusal: Extract<EnvelopeVerdict, { next: 'lone-dot' }> | undefined;

  /** Settles when the body may leave. */
  permission: Promise<void> | undefined;

  constructor(
    transaction: Transaction,
    capabilities: Capabilities,
    options: { readonly reset: boolean; readonly behind?: Behind | undefined },
  ) {
    this.transaction = transaction;
    this.behind = options.behind;
    this.#resets = options.reset;
    this.recipients = transaction.envelope.to.map(() => undefined);
    this.#commands = commandsOf(transaction, capabilities, options.reset);
  }

  /** The next commands to write, at most `window` of them, and how many. */
  take(window: number): { readonly text: string; readonly count: number } {
    const from = this.#written;
    const to = Math.min(from + window, this.#commands.length);
    this.#written = to;
    const text =
      from === 0 && to === this.#commands.length
        ? this.#commands.join('')
        : this.#commands.slice(from, to).join('');
    return { text, count: to - from };
  }

  /** Whether every command that was written has its reply. */
  get answered(): boolean {
    return this.#answered === this.#written;
  }

  /** Whether commands of the envelope remain unwritten. */
  get unwritten(): boolean {
    return this.#written < this.#commands.length;
  }

  /** Whether what remains is pointless: refused before DATA went out. */
  get refusedEarly(): boolean {
    if (this.mail === undefined) return false;
    if (this.mail.code >= 300) return true;
    const open = this.recipients.some((reply) => (reply?.code ?? 0) < 300);
    return !open;
  }

  /** Files the reply to the next unanswered command; tells which it was. */
  file(reply: Reply): Step {
    const index = this.#answered - (this.#resets ? 1 : 0);
    this.#answered += 1;
    if (index < 0) return 'RSET';
    if (index === 0) {
      this.mail = reply;
      return 'MAIL';
    }
    if (index <= this.recipients.length) {
      this.recipients[index - 1] = reply;
      return 'RCPT';
    }
    this.data = reply;
    return 'DATA';
  }
}

const RSET = commandLine('RSET');
const DATA = commandLine('DATA');

function commandsOf(
  transaction: Transaction,
  capabilities: Capabilities,
  reset: boolean,
): readonly string[] {
  const { envelope } = transaction;
  const parameters = parametersOf(transaction, capabilities);
  const commands = reset ? [RSET] : [];
  commands.push(mailCommand(envelope.from, parameters));
  for (const address of envelope.to) commands.push(rcptCommand(address));
  commands.push(DATA);
  return commands;
}

function parametersOf(
  { body }: Transaction,
  { size, eightBitMime }: Capabilities,
): string {
  const bytes = size && body.kind === 'bytes' ? ` SIZE=${body.size}` : '';
  const eightBit = body.kind === 'stream' || body.eightBit;
  return eightBitMime && eightBit ? `${bytes} BODY=8BITMIME` : bytes;
}

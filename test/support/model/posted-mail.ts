import { Readable } from 'node:stream';
import type { OutgoingMail } from '../../../lib/delivery/carrier.js';
import type { SendReceipt } from '../../../lib/delivery/receipt.js';
import { isMailError, type MailError } from '../../../lib/errors/mail-error.js';
import type { RecipientOutcome } from '../../../lib/errors/recipient-outcome.js';
import type { Lane } from '../../../lib/pool/lane.js';

/** How one message of the model is to be sent. */
export interface Posting {
  readonly recipients: number;
  readonly lane: Lane;
  readonly sender: string;
  readonly content: 'bytes' | 'stream' | 'single-use';
  readonly timeoutMs: number | undefined;
  readonly abortable: boolean;
}

/** What a sender was told. */
export type Told =
  | { readonly as: 'accepted'; readonly receipt: SendReceipt }
  | {
      readonly as: 'rejected' | 'unknown' | 'notSent';
      readonly error: MailError;
    };

/** One message of the model and what became of it. */
export class PostedMail {
  readonly id: number;
  readonly recipients: readonly string[];
  readonly abort: AbortController | undefined;
  readonly #posting: Posting;
  told: Told | undefined;

  constructor(id: number, posting: Posting) {
    this.id = id;
    this.#posting = posting;
    this.recipients = Array.from(
      { length: posting.recipients },
      (_, n) => `r${n}@example.com`,
    );
    this.abort = posting.abortable ? new AbortController() : undefined;
  }

  get messageId(): string {
    return `<${this.id}@shop.example>`;
  }

  /** How each recipient ended, as far as that was told. */
  get outcomes(): readonly RecipientOutcome[] | undefined {
    if (this.told === undefined) return undefined;
    return this.told.as === 'accepted'
      ? this.told.receipt.recipients
      : this.told.error.recipients;
  }

  /** The message as the client takes it. */
  get outgoing(): OutgoingMail {
    const { sender } = this.#posting;
    const from = `m${this.id}@shop.example`;
    const envelope = { from, to: this.recipients };
    const { messageId } = this;
    return { messageId, sender, envelope, content: this.#content };
  }

  /** Waits for what its sender is told. */
  async follow(sent: Promise<SendReceipt>): Promise<void> {
    try {
      this.told = { as: 'accepted', receipt: await sent };
    } catch (error) {
      if (!isMailError(error)) throw error;
      this.told = { as: endingOf(error), error };
    }
  }

  get #content(): OutgoingMail['content'] {
    const bytes = Buffer.from(`Subject: ${this.id}\r\n\r\nHello\r\n`);
    const { content } = this.#posting;
    if (content === 'bytes') return { kind: 'bytes', bytes };
    const open = (): Readable => Readable.from([bytes]);
    return { kind: 'stream', reusable: content === 'stream', open };
  }
}

/** A refusal names the command that was refused; AUTH refuses no message. */
function endingOf({
  deliveryState,
  command,
}: MailError): 'rejected' | 'unknown' | 'notSent' {
  if (deliveryState === 'unknown') return 'unknown';
  return command === undefined || command === 'AUTH' ? 'notSent' : 'rejected';
}

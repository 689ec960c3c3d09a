import {
  SpanStatusCode,
  type Attributes,
  type Context,
  type Span,
} from '@opentelemetry/api';
import type { OutgoingMail } from '../delivery/carrier.js';
import { recipientsOf } from '../delivery/recipients-of.js';
import type { SendReceipt } from '../delivery/receipt.js';
import { isMailError, type MailError } from '../errors/mail-error.js';
import type { DeferredEvent } from '../events/message-events.js';
import type { Masking } from '../options/masking.js';
import { ATTRIBUTES } from './attributes.js';

/** The span of one send. Nothing in it shows a body, a key or, unless the instance may, a recipient. */
export class SendSpan {
  readonly #span: Span;
  readonly #masking: Masking;
  #attempts = 0;

  /** The context in which the span is the active one. */
  readonly context: Context;

  constructor(span: Span, active: Context, masking: Masking) {
    this.#span = span;
    this.context = active;
    this.#masking = masking;
  }

  /** The message is composed and about to be queued. */
  composed(mail: OutgoingMail): void {
    if (!this.#span.isRecording()) return;
    const { messageId, mailId, content } = mail;
    this.#set({
      [ATTRIBUTES.messageId]: messageId,
      [ATTRIBUTES.mailId]: mailId,
      [ATTRIBUTES.messageSize]:
        content.kind === 'bytes' ? content.bytes.length : undefined,
      [ATTRIBUTES.recipients]: recipientsOf(mail).map((address) =>
        this.#masking.address(address),
      ),
    });
  }

  /** The relay refused it for now. */
  deferred({ attempt, retryInMs, reply }: DeferredEvent): void {
    this.#attempts = attempt;
    this.#span.addEvent('deferred', {
      [ATTRIBUTES.attempts]: attempt,
      [ATTRIBUTES.retryIn]: retryInMs / 1000,
      ...(reply && { [ATTRIBUTES.replyCode]: reply.code }),
    });
  }

  sent({ sendGridId, attempts, accepted, rejected }: SendReceipt): void {
    this.#set({
      [ATTRIBUTES.sendGridId]: sendGridId,
      [ATTRIBUTES.attempts]: attempts,
      [ATTRIBUTES.accepted]: accepted.length,
      [ATTRIBUTES.rejected]: rejected.length,
    });
    this.#span.end();
  }

  failed(error: unknown): void {
    this.#set({ [ATTRIBUTES.errorType]: errorTypeOf(error) });
    if (isMailError(error)) this.#setError(error);
    const text = error instanceof Error ? error.message : String(error);
    // Not as an exception: its stack would hold the message unmasked.
    this.#span.setStatus({
      code: SpanStatusCode.ERROR,
      message: this.#masking.text(text),
    });
    this.#span.end();
  }

  #setError({ scope, deliveryState, reply, recipients = [] }: MailError): void {
    const tries = recipients.map(({ attempts }) => attempts);
    this.#set({
      [ATTRIBUTES.scope]: scope,
      [ATTRIBUTES.deliveryState]: deliveryState,
      [ATTRIBUTES.replyCode]: reply?.code,
      [ATTRIBUTES.attempts]: Math.max(this.#attempts, ...tries),
    });
  }

  #set(attributes: Attributes): void {
    for (const [name, value] of Object.entries(attributes)) {
      if (value !== undefined) this.#span.setAttribute(name, value);
    }
  }
}

/** What OpenTelemetry calls the kind of a failure: the code of a `MailError`. */
export function errorTypeOf(error: unknown): string {
  if (isMailError(error)) return error.code;
  return error instanceof Error ? error.name : '_OTHER';
}

import {
  context,
  SpanKind,
  trace,
  type Histogram,
  type Tracer,
} from '@opentelemetry/api';
import type { SendReceipt } from '../delivery/receipt.js';
import type { DeferredEvent } from '../events/message-events.js';
import type { Masking } from '../options/masking.js';
import { LANES, type Lane } from '../pool/lane.js';
import type { OnComposed, SendTracer } from '../transport/send-tracer.js';
import {
  ATTRIBUTES,
  SEND_ATTRIBUTES,
  type CommonAttributes,
} from './attributes.js';
import { errorTypeOf, SendSpan } from './send-span.js';

/** What {@link SendSpans} work with. */
export interface SendSpansSettings {
  readonly name: string;
  readonly tracer: Tracer;
  readonly duration: Histogram;
  readonly common: CommonAttributes;
  readonly masking: Masking;
}

/**
 * Runs each send inside a span of its own, a child of the caller's. It is the
 * active one for plugins and for everything else that composing calls.
 */
export class SendSpans implements SendTracer {
  readonly #settings: SendSpansSettings;
  /** Those that are composed and have not settled, by Message-ID. */
  readonly #composed = new Map<string, SendSpan>();

  constructor(settings: SendSpansSettings) {
    this.#settings = settings;
  }

  async trace(
    lane: Lane | undefined,
    send: (onComposed: OnComposed) => Promise<SendReceipt>,
  ): Promise<SendReceipt> {
    const startedAt = performance.now();
    const span = this.#start(lane);
    let messageId: string | undefined;
    const onComposed: OnComposed = (mail) => {
      ({ messageId } = mail);
      this.#composed.set(messageId, span);
      span.composed(mail);
    };
    try {
      const receipt = await context.with(
        span.context,
        send,
        undefined,
        onComposed,
      );
      this.#record(startedAt);
      span.sent(receipt);
      return receipt;
    } catch (error) {
      this.#record(startedAt, error);
      span.failed(error);
      throw error;
    } finally {
      this.#forget(messageId, span);
    }
  }

  /** A message is offered again later. */
  deferred(event: DeferredEvent): void {
    this.#composed.get(event.messageId)?.deferred(event);
  }

  #start(lane: Lane | undefined): SendSpan {
    const { tracer, name, common, masking } = this.#settings;
    const parent = context.active();
    const attributes = {
      ...common,
      ...SEND_ATTRIBUTES,
      [ATTRIBUTES.lane]: LANES.find((known) => known === lane) ?? 'normal',
    };
    // No trace travels in a message, so it is no PRODUCER.
    const kind = SpanKind.CLIENT;
    const span = tracer.startSpan(`send ${name}`, { kind, attributes }, parent);
    return new SendSpan(span, trace.setSpan(parent, span), masking);
  }

  // An application may give two messages one id.
  #forget(messageId: string | undefined, span: SendSpan): void {
    if (messageId === undefined) return;
    if (this.#composed.get(messageId) === span)
      this.#composed.delete(messageId);
  }

  #record(startedAt: number, error?: unknown): void {
    const { duration, common } = this.#settings;
    const failure = error !== undefined && {
      [ATTRIBUTES.errorType]: errorTypeOf(error),
    };
    duration.record((performance.now() - startedAt) / 1000, {
      ...common,
      ...SEND_ATTRIBUTES,
      ...failure,
    });
  }
}

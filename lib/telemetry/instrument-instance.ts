import { metrics, trace } from '@opentelemetry/api';
import type { MailEvent } from '../events/mail-event.js';
import type { MailInstance } from '../transport/mail-instance.js';
import { VERSION } from '../transport/version.js';
import { commonAttributes } from './attributes.js';
import { countEvents } from './count-events.js';
import { makeInstruments } from './instruments.js';
import { observeStats } from './observe-stats.js';
import { SendSpans } from './send-spans.js';

/** What spans and metrics name as their source. */
const SCOPE = 'nestjs-sendgrid-smtp';

/**
 * Has an instance measured and traced until it is drained.
 *
 * @returns what ends that earlier
 */
export function instrumentInstance(
  instance: MailInstance,
  name: string,
): () => void {
  if (instance.tracer !== undefined) return () => undefined;
  const { mode, relay } = instance.options;
  const { events, masking } = instance.telling;
  const common = commonAttributes(name, mode === 'smtp' ? relay : undefined);
  const meter = metrics.getMeter(SCOPE, VERSION);
  const instruments = makeInstruments(meter);
  const { duration } = instruments;
  const tracer = trace.getTracer(SCOPE, VERSION);
  const spans = new SendSpans({ name, tracer, duration, common, masking });
  const count = countEvents(instruments, common);
  const unobserve = observeStats(meter, instruments, instance, common);
  const next = (event: MailEvent): void => {
    count(event);
    if (event.type === 'deferred') spans.deferred(event);
  };
  instance.tracer = spans;
  const stop = (): void => {
    unobserve();
    instance.tracer = undefined;
  };
  const unsubscribe = events.subscribe({ next, ended: stop });
  return () => {
    unsubscribe();
    stop();
  };
}

import { context, metrics, trace, type Attributes } from '@opentelemetry/api';
import {
  AggregationTemporality,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
  type MetricData,
} from '@opentelemetry/sdk-metrics';
import {
  InMemorySpanExporter,
  SimpleSpanProcessor,
  type ReadableSpan,
} from '@opentelemetry/sdk-trace-base';
import { NodeTracerProvider } from '@opentelemetry/sdk-trace-node';
import { afterEach, beforeEach } from 'vitest';

/** What a metric says of one set of attributes. */
export interface Point {
  readonly attributes: Attributes;
  readonly value: unknown;
}

/** OpenTelemetry's SDK, keeping in memory what it is told. */
export class RecordedTelemetry {
  readonly #spans = new InMemorySpanExporter();
  readonly #metrics = new InMemoryMetricExporter(
    AggregationTemporality.CUMULATIVE,
  );
  readonly #tracers = new NodeTracerProvider({
    spanProcessors: [new SimpleSpanProcessor(this.#spans)],
  });
  readonly #meters = new MeterProvider({
    readers: [
      new PeriodicExportingMetricReader({
        exporter: this.#metrics,
        exportIntervalMillis: 3_600_000,
      }),
    ],
  });

  /** Makes it the one that the whole process reports to. */
  start(): void {
    this.#tracers.register();
    metrics.setGlobalMeterProvider(this.#meters);
  }

  async stop(): Promise<void> {
    trace.disable();
    metrics.disable();
    context.disable();
    await this.#tracers.shutdown();
    await this.#meters.shutdown();
  }

  /** The spans that have ended, oldest first. */
  get spans(): readonly ReadableSpan[] {
    return this.#spans.getFinishedSpans();
  }

  /** Every metric as it stands now. */
  async metrics(): Promise<readonly MetricData[]> {
    this.#metrics.reset();
    await this.#meters.forceFlush();
    const [exported] = this.#metrics.getMetrics();
    return exported?.scopeMetrics.flatMap((scope) => scope.metrics) ?? [];
  }

  /** What one of them says. */
  async points(name: string): Promise<readonly Point[]> {
    const all = await this.metrics();
    const metric = all.find(({ descriptor }) => descriptor.name === name);
    return metric?.dataPoints ?? [];
  }

  /** Everything that was told, as text. */
  async text(): Promise<string> {
    const spans = this.spans.map(({ name, attributes, events, status }) => ({
      name,
      attributes,
      events,
      status,
    }));
    return JSON.stringify([spans, await this.metrics()]);
  }
}

/** Records what each test of the file reports. */
export function recordTelemetry(): { readonly now: RecordedTelemetry } {
  let current = new RecordedTelemetry();
  beforeEach(() => {
    current = new RecordedTelemetry();
    current.start();
  });
  afterEach(() => current.stop());
  return {
    get now() {
      return current;
    },
  };
}

import type {
  Counter,
  Histogram,
  Meter,
  MetricOptions,
  ObservableGauge,
  ObservableUpDownCounter,
} from '@opentelemetry/api';

/** Bounds that the messaging conventions ask for, in seconds. */
const SECONDS = [
  0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10,
];

const ATTEMPTS = [1, 2, 3, 4, 5, 10];

/** Everything that is measured. */
export interface Instruments {
  readonly duration: Histogram;
  readonly sentMessages: Counter;
  readonly messages: Counter;
  readonly recipients: Counter;
  readonly attempts: Histogram;
  readonly deferrals: Counter;
  readonly queueTime: Histogram;
  readonly connectionsOpened: Counter;
  readonly connectionsClosed: Counter;
  readonly pending: ObservableUpDownCounter;
  readonly queueMessages: ObservableUpDownCounter;
  readonly queueSize: ObservableUpDownCounter;
  readonly queueAge: ObservableGauge;
  readonly connections: ObservableUpDownCounter;
  readonly held: ObservableGauge;
  readonly pausedSenders: ObservableUpDownCounter;
}

/** Makes the instruments. `docs/telemetry.md` lists them with their attributes. */
export function makeInstruments(meter: Meter): Instruments {
  return { ...ofMessages(meter), ...ofConnections(meter), ...ofQueue(meter) };
}

function ofMessages(
  meter: Meter,
): Pick<
  Instruments,
  | 'duration'
  | 'sentMessages'
  | 'messages'
  | 'recipients'
  | 'attempts'
  | 'deferrals'
  | 'queueTime'
> {
  return {
    duration: meter.createHistogram(
      'messaging.client.operation.duration',
      seconds('From the call of send until it has settled.'),
    ),
    sentMessages: meter.createCounter('messaging.client.sent.messages', {
      unit: '{message}',
      description: 'Messages that were offered to the relay and have settled.',
    }),
    messages: meter.createCounter('sendgrid_smtp.messages', {
      unit: '{message}',
      description: 'Messages that have settled, by outcome and scope.',
    }),
    recipients: meter.createCounter('sendgrid_smtp.recipients', {
      unit: '{recipient}',
      description: 'Recipients of the messages that the relay has accepted.',
    }),
    attempts: meter.createHistogram('sendgrid_smtp.attempts', {
      unit: '{attempt}',
      description: 'How often a message was offered until it had settled.',
      advice: { explicitBucketBoundaries: ATTEMPTS },
    }),
    deferrals: meter.createCounter('sendgrid_smtp.deferrals', {
      unit: '{attempt}',
      description: 'Attempts that failed for now and are repeated.',
    }),
    queueTime: meter.createHistogram(
      'sendgrid_smtp.queue.time',
      seconds('From the call of send until a connection had the message.'),
    ),
  };
}

function ofConnections(
  meter: Meter,
): Pick<
  Instruments,
  'connectionsOpened' | 'connectionsClosed' | 'connections'
> {
  return {
    connectionsOpened: meter.createCounter('sendgrid_smtp.connections.opened', {
      unit: '{connection}',
      description: 'Connections that were set up, their key accepted.',
    }),
    connectionsClosed: meter.createCounter('sendgrid_smtp.connections.closed', {
      unit: '{connection}',
      description: 'Connections that were given up or lost, by reason.',
    }),
    connections: meter.createObservableUpDownCounter(
      'sendgrid_smtp.connections',
      {
        unit: '{connection}',
        description: 'Connections by what they do at present.',
      },
    ),
  };
}

function ofQueue(
  meter: Meter,
): Pick<
  Instruments,
  | 'pending'
  | 'queueMessages'
  | 'queueSize'
  | 'queueAge'
  | 'held'
  | 'pausedSenders'
> {
  return {
    pending: meter.createObservableUpDownCounter('sendgrid_smtp.pending', {
      unit: '{message}',
      description: 'Messages between the call of send and their outcome.',
    }),
    queueMessages: meter.createObservableUpDownCounter(
      'sendgrid_smtp.queue.messages',
      {
        unit: '{message}',
        description: 'Messages that wait for a connection, by lane.',
      },
    ),
    queueSize: meter.createObservableUpDownCounter('sendgrid_smtp.queue.size', {
      unit: 'By',
      description: 'Bytes that wait for a connection, by lane.',
    }),
    queueAge: meter.createObservableGauge('sendgrid_smtp.queue.age', {
      unit: 's',
      description: 'For how long the oldest message has waited, by lane.',
    }),
    held: meter.createObservableGauge('sendgrid_smtp.held', {
      unit: '1',
      description: '1 while mail is held back, else 0, by reason.',
    }),
    pausedSenders: meter.createObservableUpDownCounter(
      'sendgrid_smtp.paused_senders',
      {
        unit: '{sender}',
        description: 'Senders that SendGrid refuses at present.',
      },
    ),
  };
}

function seconds(description: string): MetricOptions {
  const advice = { explicitBucketBoundaries: SECONDS };
  return { unit: 's', description, advice };
}

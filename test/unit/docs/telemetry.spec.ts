import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Attributes } from '@opentelemetry/api';
import { DataPointType, type MetricData } from '@opentelemetry/sdk-metrics';
import { createTransport, type Transporter } from 'nodemailer';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { ATTRIBUTES } from '../../../lib/telemetry/attributes.js';
import { instrumentTransport } from '../../../lib/telemetry/instrument-transport.js';
import { FakeSendGrid } from '../../../lib/testing/fake-sendgrid.js';
import { SendGridTransport } from '../../../lib/transport/sendgrid-transport.js';
import { RecordedTelemetry } from '../../support/record-telemetry.js';

const page = readFileSync(
  join(import.meta.dirname, '../../../docs/telemetry.md'),
  'utf8',
);

/** The cells of the tables' rows in one part of the page. */
function rowsUnder(heading: string): string[][] {
  const part = page.split(/^## /m).find((text) => text.startsWith(heading));
  return (part?.match(/^\| `.*\|$/gm) ?? []).map((row) =>
    row
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
}

const namesIn = (text = ''): string[] =>
  Array.from(text.matchAll(/`([^`]+)`/g), ([, name = '']) => name);

const firstColumn = (heading: string): string[] =>
  rowsUnder(heading).flatMap(([name]) => namesIn(name));

/** Sends what makes every span attribute and every metric appear. */
async function sendAllKinds(fake: FakeSendGrid): Promise<void> {
  const transport = new SendGridTransport({
    ...fake.options,
    pool: { maxMessagesPerConnection: 2 },
    retry: { baseDelayMs: 1, maxDelayMs: 1 },
  });
  instrumentTransport(transport);
  const mailer = createTransport(transport, { from: 'shop@example.com' });
  fake.fail('mail', '451 4.7.1 Try again later');
  await send(mailer, 'ada@example.com');
  fake.fail('rcpt', '550 5.1.1 unknown');
  await send(mailer, 'bob@example.com, ada@example.com');
  fake.fail('rcpt', '550 5.1.1 unknown');
  await send(mailer, 'bob@example.com').catch(() => undefined);
}

function send(mailer: Transporter, to: string): Promise<unknown> {
  return mailer.sendMail({ to, subject: 'Hello', text: 'Hi' });
}

let relay: FakeSendGrid;
let metrics: readonly MetricData[];
const telemetry = new RecordedTelemetry();

beforeAll(async () => {
  telemetry.start();
  relay = await FakeSendGrid.start({ parse: false });
  await sendAllKinds(relay);
  metrics = await telemetry.metrics();
});
afterAll(async () => {
  await relay.stop();
  await telemetry.stop();
});

function kindOf(metric: MetricData): string {
  if (metric.dataPointType === DataPointType.GAUGE) return 'gauge';
  if (metric.dataPointType !== DataPointType.SUM) return 'histogram';
  return metric.isMonotonic ? 'counter' : 'up-down counter';
}

/** The attributes of everything that a metric tells. */
function attributesOf({ dataPoints }: MetricData): Attributes[] {
  const all: readonly { readonly attributes: Attributes }[] = dataPoints;
  return all.map(({ attributes }) => attributes);
}

describe('docs/telemetry.md', () => {
  it('lists every metric with its instrument, unit, attributes and meaning', () => {
    const common = new Set(firstColumn('On everything'));
    const emitted = metrics.map((metric) => {
      const { descriptor } = metric;
      const names = attributesOf(metric).flatMap(Object.keys);
      const own = new Set(names.filter((name) => !common.has(name)));
      return [
        descriptor.name,
        kindOf(metric),
        descriptor.unit,
        [...own].toSorted(),
        descriptor.description,
      ];
    });

    const listed = rowsUnder('Metrics').map(
      ([name, kind, unit, attributes, meaning]) => [
        namesIn(name)[0],
        kind,
        namesIn(unit)[0],
        namesIn(attributes).toSorted(),
        meaning,
      ],
    );

    const byName = ([a]: unknown[], [b]: unknown[]): number =>
      String(a).localeCompare(String(b));
    expect(listed.toSorted(byName)).toEqual(emitted.toSorted(byName));
    expect(listed).toHaveLength(16);
  });

  it('lists what every metric and every span carries', () => {
    const common = firstColumn('On everything');

    const ofSpans = telemetry.spans.map(({ attributes }) => attributes);
    for (const attributes of [...metrics.flatMap(attributesOf), ...ofSpans]) {
      expect(attributes).toEqual(
        expect.objectContaining(
          Object.fromEntries(common.map((name) => [name, expect.anything()])),
        ),
      );
    }
  });

  it('lists every attribute of a span and of its events', () => {
    const { spans } = telemetry;
    const named = spans.flatMap(({ attributes, events }) => [
      ...Object.keys(attributes),
      ...events.flatMap((event) => Object.keys(event.attributes ?? {})),
    ]);

    const listed = new Set([
      ...firstColumn('On everything'),
      ...firstColumn('The span of a send'),
    ]);

    expect([...new Set(named)].toSorted()).toEqual([...listed].toSorted());
  });

  it('leaves out no attribute that there is', () => {
    const missing = Object.values(ATTRIBUTES).filter(
      (name) => !page.includes(`\`${name}\``),
    );

    expect(missing).toEqual([]);
  });
});

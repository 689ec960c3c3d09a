import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FakeSendGrid } from '../../lib/testing/fake-sendgrid.js';
import {
  BODY,
  ENVELOPE,
  ENVELOPE_REPLIES,
  RawClient,
} from './fake-sendgrid-client.js';

describe('pipelined commands', () => {
  let relay: FakeSendGrid;
  beforeAll(async () => {
    relay = await FakeSendGrid.start({ parse: false });
  });
  afterAll(() => relay.stop());

  it('are answered one by one, in order', async () => {
    const client = await RawClient.ready(relay);

    client.lines('NOOP', ...ENVELOPE);

    expect(await client.replies(4)).toEqual([
      expect.stringMatching(/^250 /),
      ...ENVELOPE_REPLIES,
    ]);
  });

  it('may ride behind the final dot', async () => {
    const client = await RawClient.ready(relay);
    client.lines(...ENVELOPE);
    await client.replies(3);

    for (let round = 0; round < 50; round += 1) {
      client.lines(BODY, ...ENVELOPE);
      const [queued, ...envelope] = await client.replies(4);
      expect(queued).toMatch(/^250 Ok: queued as /);
      expect(envelope).toEqual(ENVELOPE_REPLIES);
    }
  });

  it('come back in one segment for one flight', async () => {
    const client = await RawClient.ready(relay);
    client.lines(...ENVELOPE);
    await client.replies(3);

    client.lines(BODY, ...ENVELOPE);
    await client.replies(1);

    expect(client.unread.split('\r\n')).toHaveLength(4);
  });

  it('are not run behind a QUIT', async () => {
    const client = await RawClient.ready(relay);

    client.lines('QUIT', 'NOOP');

    expect(await client.closed()).toBe('221 See you later\r\n');
  });

  it('are counted when they do not wait for the reply', async () => {
    const client = await RawClient.ready(relay);
    const before = relay.counters.pipelined;

    await client.say('NOOP');
    const lockstep = relay.counters.pipelined - before;
    client.lines('NOOP', 'NOOP', 'NOOP');
    await client.replies(3);

    expect(lockstep).toBe(0);
    expect(relay.counters.pipelined - before).toBe(2);
  });

  it('make a long session without loss', async () => {
    const client = await RawClient.ready(relay);
    const count = 2000;
    const before = relay.messages.length;

    client.lines(
      ...Array.from({ length: count }, (_, index) => [
        ...ENVELOPE,
        `n: ${index}`,
        '.',
      ]).flat(),
    );
    const replies = await client.replies(4 * count);

    expect(replies.filter((line) => /queued/.test(line))).toHaveLength(count);
    expect(
      relay.messages.slice(before).map(({ raw }) => raw.toString()),
    ).toEqual(Array.from({ length: count }, (_, index) => `n: ${index}\r\n`));
  });

  it('give the same messages however they are cut', async () => {
    const line = fc.constantFrom('', '.', '..', '.x', 'x', 'x.', 'a b', '\r');
    const body = fc.array(line, { maxLength: 8 });
    await fc.assert(
      fc.asyncProperty(
        fc.array(body, { minLength: 1, maxLength: 4 }),
        fc.array(fc.integer({ min: 1, max: 12 }), { maxLength: 60 }),
        async (bodies, cuts) => {
          const client = await RawClient.ready(relay);
          const before = relay.messages.length;
          const session = bodies
            .flatMap((lines) => [...ENVELOPE, ...lines.map(stuff), '.'])
            .map((text) => `${text}\r\n`)
            .join('');

          for (const part of cut(session, cuts)) {
            client.write(part);
            // So that the parts do not arrive as one.
            await new Promise((resolve) => setImmediate(resolve));
          }
          await client.replies(4 * bodies.length);
          client.destroy();

          expect(
            relay.messages.slice(before).map(({ raw }) => raw.toString()),
          ).toEqual(
            bodies.map((lines) => lines.map((text) => `${text}\r\n`).join('')),
          );
        },
      ),
      { numRuns: 60 },
    );
  }, 30_000);
});

function stuff(line: string): string {
  return line.startsWith('.') ? `.${line}` : line;
}

function cut(text: string, lengths: readonly number[]): string[] {
  const parts: string[] = [];
  let from = 0;
  for (const length of lengths) {
    if (from >= text.length) break;
    parts.push(text.slice(from, from + length));
    from += length;
  }
  if (from < text.length) parts.push(text.slice(from));
  return parts;
}

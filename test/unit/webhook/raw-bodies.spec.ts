import { PassThrough } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  RawBodies,
  type PlatformRequest,
  type Unread,
} from '../../../lib/webhook/http/raw-bodies.js';

interface Read {
  readonly request: PlatformRequest;
  readonly stream: PassThrough;
  readonly done: (Unread | undefined)[];
}

function readingOf(bodies: RawBodies): Read {
  const request = { headers: {} };
  const stream = new PassThrough();
  const done: (Unread | undefined)[] = [];
  bodies.read(request, stream, (unread) => done.push(unread));
  return { request, stream, done };
}

function reading(
  maxBodyBytes: number,
  maxQueuedBytes = 100,
): Read & { readonly bodies: RawBodies } {
  const bodies = new RawBodies({ maxBodyBytes, maxQueuedBytes });
  return { bodies, ...readingOf(bodies) };
}

const settled = (): Promise<void> =>
  new Promise((resolve) => setImmediate(resolve));

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
});

afterEach(() => {
  vi.useRealTimers();
});

describe('RawBodies', () => {
  it('keep a body as it came, in however many pieces', async () => {
    const { bodies, request, stream, done } = reading(5);

    stream.write(Buffer.from([0xff, 13]));
    stream.end(Buffer.from([10, 0, 0x80]));
    await settled();

    expect(done).toEqual([undefined]);
    expect(bodies.of(request)).toEqual(Buffer.from([0xff, 13, 10, 0, 0x80]));
    expect(bodies.of({ headers: {}, raw: request })).toBe(bodies.of(request));
    expect([bodies.bytes, vi.getTimerCount()]).toEqual([0, 0]);
  });

  it('stop at their limit, and say so once', async () => {
    const { bodies, request, stream, done } = reading(5);

    stream.write('123456');
    stream.end('7');
    await settled();

    expect(done).toEqual(['too-large']);
    expect(bodies.of(request)).toBe(undefined);
    expect([bodies.bytes, vi.getTimerCount()]).toEqual([0, 0]);
  });

  it('say nothing of a request whose client leaves', async () => {
    const { bodies, request, stream, done } = reading(5);

    stream.write('123');
    await settled();
    expect(bodies.bytes).toBe(3);
    stream.destroy(new Error('aborted'));
    await settled();

    expect(done).toEqual([]);
    expect(bodies.of(request)).toBe(undefined);
    expect([bodies.bytes, vi.getTimerCount()]).toEqual([0, 0]);
  });

  it('wait half a minute for a body', async () => {
    const { bodies, request, stream, done } = reading(5);

    stream.write('123');
    await settled();
    vi.advanceTimersByTime(29_999);
    expect(done).toEqual([]);
    vi.advanceTimersByTime(1);
    stream.end('4');
    await settled();

    expect(done).toEqual(['too-slow']);
    expect(bodies.of(request)).toBe(undefined);
    expect(bodies.bytes).toBe(0);
  });

  it('hold so many bytes of bodies that are not there yet, and no more', async () => {
    const { bodies, ...first } = reading(8, 10);
    const second = readingOf(bodies);

    first.stream.write('123456');
    second.stream.write('1234');
    await settled();
    expect(bodies.bytes).toBe(10);
    second.stream.write('5');
    await settled();
    expect([first.done, second.done]).toEqual([[], ['too-many']]);
    first.stream.end('78');
    await settled();
    const third = readingOf(bodies);
    third.stream.end('12345678');
    await settled();

    expect([first.done, third.done]).toEqual([[undefined], [undefined]]);
    expect(bodies.bytes).toBe(0);
  });

  it('read one alone whatever the bound for all', async () => {
    const { done, stream } = reading(8, 4);

    stream.end('12345678');
    await settled();

    expect(done).toEqual([undefined]);
  });
});

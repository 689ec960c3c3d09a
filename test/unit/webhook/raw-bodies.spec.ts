import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import {
  RawBodies,
  type PlatformRequest,
} from '../../../lib/webhook/http/raw-bodies.js';

function reading(limit: number): {
  bodies: RawBodies;
  request: PlatformRequest;
  stream: PassThrough;
  done: boolean[];
} {
  const bodies = new RawBodies();
  const request = { headers: {} };
  const stream = new PassThrough();
  const done: boolean[] = [];
  bodies.read(request, stream, limit, (within) => done.push(within));
  return { bodies, request, stream, done };
}

const settled = (): Promise<void> =>
  new Promise((resolve) => setImmediate(resolve));

describe('RawBodies', () => {
  it('keep a body as it came, in however many pieces', async () => {
    const { bodies, request, stream, done } = reading(5);

    stream.write(Buffer.from([0xff, 13]));
    stream.end(Buffer.from([10, 0, 0x80]));
    await settled();

    expect(done).toEqual([true]);
    expect(bodies.of(request)).toEqual(Buffer.from([0xff, 13, 10, 0, 0x80]));
    expect(bodies.of({ headers: {}, raw: request })).toBe(bodies.of(request));
  });

  it('stop at their limit, and say so once', async () => {
    const { bodies, request, stream, done } = reading(5);

    stream.write('123456');
    stream.end('7');
    await settled();

    expect(done).toEqual([false]);
    expect(bodies.of(request)).toBe(undefined);
  });

  it('say nothing of a request whose client leaves', async () => {
    const { bodies, request, stream, done } = reading(5);

    stream.write('123');
    stream.destroy(new Error('aborted'));
    await settled();

    expect(done).toEqual([]);
    expect(bodies.of(request)).toBe(undefined);
  });
});

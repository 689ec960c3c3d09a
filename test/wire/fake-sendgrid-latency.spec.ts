import { afterEach, describe, expect, it } from 'vitest';
import { FakeSendGrid } from '../../lib/testing/fake-sendgrid.js';
import { ENVELOPE, RawClient } from './fake-sendgrid-client.js';

const LATENCY_MS = 40;

describe('latencyMs', () => {
  let relay: FakeSendGrid;
  afterEach(() => relay.stop());

  async function time(action: () => Promise<unknown>): Promise<number> {
    const start = performance.now();
    await action();
    // Timers may fire a millisecond early.
    return performance.now() - start + 1;
  }

  it('delays each reply, and a group of commands once', async () => {
    relay = await FakeSendGrid.start({ latencyMs: LATENCY_MS });
    const client = await RawClient.ready(relay);

    const group = await time(() => {
      client.lines(...ENVELOPE);
      return client.replies(3);
    });
    await client.say('.');
    const lockstep = await time(() => client.sendMail());

    expect(group).toBeGreaterThanOrEqual(LATENCY_MS);
    expect(lockstep).toBeGreaterThanOrEqual(4 * LATENCY_MS);
    expect(group).toBeLessThan(lockstep / 2);
  });

  it('delays STARTTLS and QUIT, which lose nothing by it', async () => {
    relay = await FakeSendGrid.start({ latencyMs: 5 });
    const client = await RawClient.connect(relay);
    await client.replies(1);

    await client.say('STARTTLS');
    await client.secure({ ca: relay.ca, servername: 'localhost' });
    await client.say('EHLO x');

    expect(await client.say('QUIT')).toBe('221 See you later');
    expect(await client.closed()).toBe('');
    expect(relay.connections[0]?.state).toBe('quit');
  });
});

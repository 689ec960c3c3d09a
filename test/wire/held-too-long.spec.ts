import { afterEach, beforeEach, expect, it } from 'vitest';
import { FakeClock } from '../support/model/fake-clock.js';
import { Post } from '../support/model/post.js';

const MAIL = {
  recipients: 1,
  lane: 'bulk',
  sender: 'hello@shop.example',
  content: 'bytes',
  timeoutMs: undefined,
  abortable: false,
} as const;

beforeEach(() => {
  FakeClock.start();
});

afterEach(() => {
  FakeClock.stop();
});

it('what waits behind a probe expires when its own time is over', async () => {
  const post = await Post.open({
    pool: { maxConnections: 1 },
    retry: { maxHoldMs: 120_000 },
  });
  post.relay.add({
    where: 'DOT',
    how: 'blame the account',
    times: 1000,
    mask: 1,
  });
  for (let n = 0; n < 3; n += 1) post.send(MAIL);
  await post.clock.quiet();
  // The first message has been the probe after a minute.
  await post.clock.pass(125_000);

  const codes = post.mails.map(({ told }) =>
    told?.as === 'notSent' ? told.error.code : told?.as,
  );
  expect(codes).toEqual(['EXPIRED', 'EXPIRED', 'EXPIRED']);
  await post.stop();
});

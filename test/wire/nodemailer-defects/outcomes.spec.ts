import { describe, expect, it } from 'vitest';
import { toSecond } from '../../support/adversary/answers.js';
import { playEarlyReply } from '../../support/adversary/early-reply.js';
import { playSession } from '../../support/adversary/session.js';
import { ENVELOPE, whole } from '../../support/adversary/transcript.js';
import { MODES, type Mode } from '../../support/adversary/ways.js';
import type { Script } from '../../support/scripted-server.js';

const play = (mode: Mode, script: Script, messages = 6) =>
  playSession({ mode, script, messages, security: 'none', pieces: 'whole' });

const ACCEPTED = /^accepted(?: at attempt 2)?$/;

/**
 * Defects D5 to D9 of nodemailer 10.6's pool, each of which tells a sender
 * something wrong, or nothing at all. Of D8 there
 * is more in adversary/early-replies.spec.ts.
 */
describe.each(MODES)('what senders are told, pipelining %s', (mode) => {
  it('D5: lost after the dot is unknown, lost before it is not sent: the two differ', async () => {
    const gone = { say: '', then: 'reset' } as const;

    const after = await play(mode, toSecond({ DOT: gone }, mode));
    const before = await play(mode, toSecond({ DATA: gone }, mode));

    expect(after.verdicts.slice(0, 2)).toEqual(['accepted', 'unknown']);
    expect(before.verdicts.slice(0, 2)).toEqual([
      'accepted',
      'accepted at attempt 2',
    ]);
  });

  it('D6: a stray line makes one message unknown, and none of those after it', async () => {
    const stray = 'warning: low disk space\r\n250 Ok: queued as id';

    const { verdicts, accepted } = await play(
      mode,
      toSecond({ DOT: stray }, mode),
    );

    const [first, second, ...others] = verdicts;
    expect([first, second]).toEqual(['accepted', 'unknown']);
    for (const verdict of others) expect(verdict).toMatch(ACCEPTED);
    expect(accepted).toEqual(['<1>', '<3>', '<4>', '<5>', '<6>']);
  });

  it('D7: a surplus 250 is no go-ahead for a body', async () => {
    const surplus = '250 ok\r\n250 ok';

    const { verdicts, accepted, wire } = await play(
      mode,
      toSecond({ RCPT: [surplus, undefined] }, mode),
    );

    const rest = ['<3>', '<4>', '<5>', '<6>'];
    for (const verdict of verdicts) expect(verdict).toMatch(ACCEPTED);
    expect(accepted).toEqual(['<1>', '<2>', ...rest]);
    expect(wire[0]).not.toContain('<2>');
  });

  it('D7: 250 to DATA is no go-ahead for a body', async () => {
    const { verdicts, wire } = await play(
      mode,
      toSecond({ DATA: '250 sure' }, mode),
    );

    for (const verdict of verdicts) expect(verdict).toMatch(ACCEPTED);
    expect(wire[0]).toBe(`${whole(1)} ${ENVELOPE}`);
  });

  it.each([true, false])(
    'D8: a refusal inside a body ends it there: no command gets into it, and nothing is stuck, server reads on: %s',
    async (reads) => {
      const given = { mode, security: 'none', reads } as const;

      const played = await playEarlyReply(given, '552 too large\r\n');

      expect(played).toMatchObject({
        verdicts: ['accepted', 'rejected by 552 to DATA', 'accepted'],
        accepted: ['<1>', '<3>'],
      });
      expect(played.wire[0]).not.toContain('RSET');
      expect(played.body).toMatch(/^Subject: 2\r\n\r\nHello 2\r\nx*$/);
    },
  );

  it('D9: a reused connection that has gone silent costs commandMs, and no message', async () => {
    const startedAt = performance.now();
    const { verdicts } = await playSession({
      mode,
      // Like a route that swallows everything: no reply and no end.
      script: toSecond({ MAIL: '', RCPT: ['', ''], DATA: '' }, mode),
      security: 'none',
      pieces: 'whole',
      options: {
        pool: { maxConnections: 1, pipelining: mode },
        timeouts: { commandMs: 500, acceptMs: 600_000 },
      },
    });

    expect(verdicts).toEqual(['accepted', 'accepted at attempt 2', 'accepted']);
    const tookMs = performance.now() - startedAt;
    expect(tookMs).toBeGreaterThan(490);
    expect(tookMs).toBeLessThan(5000);
  });
});

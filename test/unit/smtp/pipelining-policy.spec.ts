import { describe, expect, it } from 'vitest';

import type { Pipelining } from '../../../lib/options/resolved-options.js';
import {
  PipeliningPolicy,
  unknownHost,
  type Behind,
  type HostTrials,
} from '../../../lib/smtp/pipelining-policy.js';

const BOTH: Behind[] = ['auth', 'body'];

function policyOf(
  option: Pipelining,
  trials: HostTrials = unknownHost(),
): { policy: PipeliningPolicy; told: string[] } {
  const told: string[] = [];
  const policy = new PipeliningPolicy(option, trials, (what) => {
    told.push(what);
  });
  return { policy, told };
}

function learned(option: Pipelining): ReturnType<typeof policyOf> {
  const made = policyOf(option);
  for (const what of BOTH) {
    for (let i = 0; i < 3; i += 1) made.policy.clean(what);
  }
  return made;
}

describe("pipelining 'auto'", () => {
  it('starts with grouped envelopes and nothing behind anything', () => {
    const { policy } = policyOf('auto');

    expect(policy.mode).toBe('envelope');
    expect(BOTH.map((what) => policy.permits(what))).toEqual(['no', 'no']);
  });

  it('tries an envelope behind a body after three clean messages', () => {
    const { policy } = policyOf('auto');
    const asked = [1, 2, 3].map(() => {
      policy.clean('body');
      return policy.permits('body');
    });

    expect(asked).toEqual(['no', 'no', 'probe']);
  });

  it('tries an envelope behind AUTH after one AUTH alone', () => {
    const { policy } = policyOf('auto');
    policy.clean('auth');

    expect(policy.permits('auth')).toBe('probe');
    expect(policy.permits('body')).toBe('no');
  });

  it.each(BOTH)('has one probe behind %s on the wire at a time', (what) => {
    const { policy } = learned('auto');
    policy.begins(what);

    expect(policy.permits(what)).toBe('no');
    expect(policy.isProven(what)).toBe(false);
  });

  it.each(BOTH)('keeps to it once a probe behind %s is answered', (what) => {
    const { policy, told } = learned('auto');
    policy.begins(what);
    policy.answered(what);
    policy.answered(what);

    expect(policy.permits(what)).toBe('yes');
    expect(policy.mode).toBe(what === 'body' ? 'oneflight' : 'envelope');
    expect(told).toEqual([expect.stringMatching(/ is on: the relay answered/)]);
  });

  it.each(BOTH)('gives up what is refused behind %s, told once', (what) => {
    const { policy, told } = learned('auto');
    policy.begins(what);
    policy.refused(what, 'the relay answered 503');
    policy.refused(what, 'again');
    policy.answered(what);

    expect(policy.permits(what)).toBe('no');
    expect(policy.mode).toBe('envelope');
    expect(told).toEqual([expect.stringMatching(/ is off: .*answered 503$/)]);
  });

  it.each(BOTH)('takes silence behind %s for a refusal', (what) => {
    const { policy, told } = learned('auto');
    policy.begins(what);
    policy.unanswered(what, 'silence');

    expect(policy.permits(what)).toBe('no');
    expect(told).toHaveLength(1);
  });

  it.each(BOTH)('takes replies out of step behind %s likewise', (what) => {
    const { policy } = learned('auto');
    policy.begins(what);
    policy.answered(what);
    policy.unanswered(what, 'desync');

    expect(policy.permits(what)).toBe('no');
  });

  it.each(BOTH)('allows one probe behind %s to be lost', (what) => {
    const { policy, told } = learned('auto');
    policy.begins(what);
    policy.unanswered(what, 'loss');
    expect(policy.permits(what)).toBe('probe');
    policy.begins(what);
    policy.unanswered(what, 'loss');
    policy.unanswered(what, 'loss');

    expect(policy.permits(what)).toBe('no');
    expect(told).toHaveLength(1);
  });

  it('makes another probe after one that told nothing', () => {
    const { policy } = learned('auto');
    policy.begins('body');
    policy.inconclusive('body');

    expect(policy.permits('body')).toBe('probe');
  });
});

describe('a forced mode', () => {
  it.each([
    ['envelope', 'envelope', 'yes', 'no'],
    ['oneflight', 'oneflight', 'yes', 'yes'],
    ['off', 'lockstep', 'no', 'no'],
  ] as const)("'%s' is %s from the start", (option, mode, auth, body) => {
    const { policy } = policyOf(option);

    expect(policy.mode).toBe(mode);
    expect(policy.permits('auth')).toBe(auth);
    expect(policy.permits('body')).toBe(body);
  });

  it('is not taken for proven before the relay has answered', () => {
    const { policy } = policyOf('oneflight');
    expect(policy.isProven('body')).toBe(false);
    policy.begins('body');
    policy.answered('body');

    expect(policy.isProven('body')).toBe(true);
  });

  it("'oneflight' gives way to a refusal", () => {
    const { policy, told } = policyOf('oneflight');
    policy.refused('body', 'the relay answered 503');

    expect(policy.mode).toBe('envelope');
    expect(told).toHaveLength(1);
  });

  it.each(['envelope', 'off'] as const)("'%s' never rides", (option) => {
    const { policy } = learned(option);

    expect(policy.permits('body')).toBe('no');
  });
});

describe('several pools to one host', () => {
  it('share what one of them has learned', () => {
    const trials = unknownHost();
    const first = policyOf('auto', trials);
    const second = policyOf('auto', trials);
    first.policy.refused('body', 'the relay answered 503');
    for (let i = 0; i < 3; i += 1) second.policy.clean('body');

    expect(second.policy.permits('body')).toBe('no');
    expect([first.told.length, second.told.length]).toEqual([1, 0]);
  });

  it('are found by the name of the host', () => {
    const [one, other] = ['mail.example:587', 'mail.example:2525'].map((name) =>
      PipeliningPolicy.of(name, 'auto', () => undefined),
    );
    one?.clean('auth');
    const same = PipeliningPolicy.of('mail.example:587', 'auto', () => {});

    expect(same.permits('auth')).toBe('probe');
    expect(other?.permits('auth')).toBe('no');
  });
});

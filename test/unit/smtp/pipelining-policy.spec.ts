import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import {
  PipeliningPolicy,
  type PipeliningMode,
} from '../../../lib/smtp/pipelining-policy.js';

const DAY_MS = 86_400_000;

function learner(): PipeliningPolicy {
  const policy = new PipeliningPolicy('auto');
  for (let i = 0; i < 3; i += 1) policy.clean();
  return policy;
}

function prober(): PipeliningPolicy {
  const policy = learner();
  policy.probing();
  return policy;
}

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['performance', 'Date'] });
});

afterEach(() => {
  vi.useRealTimers();
});

describe("pipelining 'auto'", () => {
  it('starts with grouped envelopes and nothing behind a body', () => {
    const policy = new PipeliningPolicy('auto');

    expect(policy).toMatchObject({ mode: 'envelope', ride: 'no' });
    expect(policy.isProbing).toBe(false);
  });

  it('asks for a probe after three clean messages', () => {
    const policy = new PipeliningPolicy('auto');
    const asked = [1, 2, 3].map(() => {
      policy.clean();
      return policy.ride;
    });

    expect(asked).toEqual(['no', 'no', 'probe']);
  });

  it('has one probe on the wire at a time', () => {
    expect(prober()).toMatchObject({
      mode: 'envelope',
      ride: 'no',
      isProbing: true,
    });
  });

  it('goes to one flight when the probe is answered', () => {
    const policy = prober();
    policy.answered();

    expect(policy).toMatchObject({
      mode: 'oneflight',
      ride: 'yes',
      isProbing: false,
    });
  });

  it('probes again after a probe that told nothing', () => {
    const policy = prober();
    policy.inconclusive();

    expect(policy).toMatchObject({ mode: 'envelope', ride: 'probe' });
  });

  it('stays with grouped envelopes when the probe is refused', () => {
    const policy = prober();
    policy.refused('503');
    for (let i = 0; i < 10; i += 1) policy.clean();

    expect(policy).toMatchObject({ mode: 'envelope', ride: 'no' });
  });

  it('takes silence after a probe for a refusal', () => {
    const policy = prober();
    policy.unanswered(true);

    expect(policy.mode).toBe('envelope');
    expect(policy.ride).toBe('no');
  });

  it('probes once more when the connection of a probe is lost, and no more', () => {
    const policy = prober();
    policy.unanswered(false);
    expect(policy.ride).toBe('probe');
    policy.probing();
    policy.unanswered(false);

    expect(policy.mode).toBe('envelope');
    expect(policy.ride).toBe('no');
  });

  it('gives one flight up later for silence, not for a lost connection', () => {
    const policy = prober();
    policy.answered();
    policy.unanswered(false);
    expect(policy.mode).toBe('oneflight');
    policy.unanswered(true);

    expect(policy).toMatchObject({ mode: 'envelope', ride: 'no' });
  });

  it('gives one flight up when the relay refuses it later', () => {
    const policy = prober();
    policy.answered();
    policy.refused('503');

    expect(policy).toMatchObject({ mode: 'envelope', ride: 'no' });
  });

  it('is not moved by an answer that comes after a refusal', () => {
    const policy = prober();
    policy.refused('503');
    policy.answered();
    policy.inconclusive();

    expect(policy).toMatchObject({ mode: 'envelope', ride: 'no' });
  });

  it('is not moved by answers while it does not probe', () => {
    const policy = learner();
    policy.answered();
    policy.inconclusive();

    expect(policy).toMatchObject({ mode: 'envelope', ride: 'probe' });
  });
});

describe('a relay that refused one flight', () => {
  it('is asked again after a day and three clean messages', () => {
    const policy = prober();
    policy.refused('503');
    vi.advanceTimersByTime(DAY_MS - 1);
    expect(policy.ride).toBe('no');

    vi.advanceTimersByTime(1);
    const asked = [0, 1, 2, 3].map(() => {
      const ride = policy.ride;
      policy.clean();
      return ride;
    });

    expect(asked).toEqual(['no', 'no', 'no', 'probe']);
  });

  it('is left alone for another day when it refuses again', () => {
    const policy = prober();
    policy.refused('503');
    vi.advanceTimersByTime(DAY_MS);
    for (let i = 0; i < 4; i += 1) {
      expect(policy.ride).not.toBe('yes');
      policy.clean();
    }
    expect(policy.ride).toBe('probe');
    policy.probing();
    policy.refused('503');
    vi.advanceTimersByTime(DAY_MS - 1);

    expect(policy.ride).toBe('no');
  });

  it('does not have its day prolonged by refusals still under way', () => {
    const policy = prober();
    policy.refused('503');
    vi.advanceTimersByTime(DAY_MS - 1);
    policy.refused('503');
    vi.advanceTimersByTime(1);
    expect(policy.ride).toBe('no');
    for (let i = 0; i < 3; i += 1) policy.clean();

    expect(policy.ride).toBe('probe');
  });
});

describe('a forced mode', () => {
  it("'oneflight' rides at once, without a probe", () => {
    expect(new PipeliningPolicy('oneflight')).toMatchObject({
      mode: 'oneflight',
      ride: 'yes',
      isProbing: false,
    });
  });

  it("'oneflight' gives way to a refusal", () => {
    const policy = new PipeliningPolicy('oneflight');
    policy.refused('503');

    expect(policy).toMatchObject({ mode: 'envelope', ride: 'no' });
  });

  it("'oneflight' is tried again after a day", () => {
    const policy = new PipeliningPolicy('oneflight');
    policy.refused('503');
    vi.advanceTimersByTime(DAY_MS);
    expect(policy.ride).toBe('no');
    for (let i = 0; i < 3; i += 1) policy.clean();

    expect(policy.ride).toBe('probe');
  });

  it.each([
    ['envelope', 'envelope'],
    ['off', 'lockstep'],
  ] as const)("'%s' never rides", (option, mode) => {
    const policy = new PipeliningPolicy(option);
    for (let i = 0; i < 10; i += 1) policy.clean();

    expect(policy).toMatchObject({ mode, ride: 'no' });
  });

  it("'off' cannot be refused anything", () => {
    const changes: PipeliningMode[] = [];
    const policy = new PipeliningPolicy('off', (mode) => changes.push(mode));
    policy.refused('503');

    expect(changes).toEqual([]);
    expect(policy.mode).toBe('lockstep');
  });
});

describe('a change of the mode', () => {
  it('is told once, with its reason', () => {
    const changes: [PipeliningMode, string][] = [];
    const policy = new PipeliningPolicy('auto', (mode, reason) =>
      changes.push([mode, reason]),
    );
    for (let i = 0; i < 3; i += 1) policy.clean();
    policy.probing();
    policy.answered();
    policy.answered();
    policy.refused('the relay said 503');
    policy.refused('again');

    expect(changes).toEqual([
      ['oneflight', 'the relay answered an envelope behind a body'],
      ['envelope', 'the relay said 503'],
    ]);
  });
});

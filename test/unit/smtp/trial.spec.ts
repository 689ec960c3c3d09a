import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { Trial } from '../../../lib/smtp/trial.js';

const DAY_MS = 86_400_000;

function running(): Trial {
  const trial = new Trial(1);
  trial.clean();
  trial.start();
  return trial;
}

function proven(): Trial {
  const trial = running();
  trial.answered();
  return trial;
}

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['performance', 'Date'] });
});

afterEach(() => {
  vi.useRealTimers();
});

describe('a trial', () => {
  it('is due once all has gone well often enough', () => {
    const trial = new Trial(3);
    const due = [1, 2, 3].map(() => {
      trial.clean();
      return trial.due;
    });

    expect(due).toEqual([false, false, true]);
  });

  it('runs once at a time', () => {
    expect(running()).toMatchObject({ state: 'trying', due: false });
  });

  it('is proven by an answer', () => {
    expect(proven()).toMatchObject({ state: 'proven', due: false });
  });

  it('is due again after one that told nothing', () => {
    const trial = running();
    trial.inconclusive();

    expect(trial).toMatchObject({ state: 'untried', due: true });
  });

  it('is over after a refusal, whatever goes well later', () => {
    const trial = running();
    trial.refused();
    for (let i = 0; i < 10; i += 1) trial.clean();
    trial.start();
    trial.answered();
    trial.inconclusive();

    expect(trial).toMatchObject({ state: 'refused', due: false });
  });

  it('is made once more when its connection is lost, and no more', () => {
    const trial = running();
    trial.lost();
    expect(trial.due).toBe(true);
    trial.start();
    trial.lost();

    expect(trial.state).toBe('refused');
  });

  it('once proven, is refused by the fifth loss in a row only', () => {
    const trial = proven();
    for (let i = 0; i < 4; i += 1) trial.lost();
    expect(trial.state).toBe('proven');
    trial.answered();
    for (let i = 0; i < 4; i += 1) trial.lost();
    expect(trial.state).toBe('proven');
    trial.lost();

    expect(trial.state).toBe('refused');
  });

  it('is forgotten a day after a refusal, with all that led to it', () => {
    const trial = running();
    trial.lost();
    trial.refused();
    vi.advanceTimersByTime(DAY_MS - 1);
    expect(trial.state).toBe('refused');
    vi.advanceTimersByTime(1);
    expect(trial).toMatchObject({ state: 'untried', due: false });
    trial.clean();
    trial.start();
    trial.lost();

    expect(trial).toMatchObject({ state: 'untried', due: true });
  });
});

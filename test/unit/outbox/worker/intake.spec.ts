import { beforeEach, describe, expect, it } from 'vitest';

import { Intake } from '../../../../lib/outbox/worker/intake.js';

describe('Intake', () => {
  let told: (number | 'pause')[];
  let intake: Intake;

  beforeEach(() => {
    told = [];
    const worker = {
      pause: () => void told.push('pause'),
      resume: (concurrency: number) => void told.push(concurrency),
    };
    intake = new Intake(worker, 20);
  });

  it('takes as many as the share admits, and none without one', () => {
    intake.share(6);
    expect(intake.isClosed).toBe(false);
    intake.share(0);
    expect(intake.isClosed).toBe(true);
    intake.share(20);

    expect(told).toEqual([6, 'pause', 20]);
  });

  it('goes on only when both the brake and the share admit it', () => {
    intake.share(6);
    intake.pause();
    intake.share(12);
    intake.resume(1);
    intake.share(0);
    intake.resume(20);
    intake.share(12);

    expect(told).toEqual([6, 'pause', 'pause', 1, 'pause', 'pause', 12]);
  });

  it('could take what the brake admits, whatever the share', () => {
    intake.share(0);
    expect(intake.most).toBe(20);
    intake.resume(1);
    expect(intake.most).toBe(1);
    intake.pause();
    expect(intake.most).toBe(0);
  });
});

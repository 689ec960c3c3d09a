import { describe, expect, it } from 'vitest';

import { JobCipher } from '../../../../lib/outbox/job/job-cipher.js';
import { eraseJob } from '../../../../lib/outbox/job/stored-job.js';
import { FIRST_CIPHER } from './first-version.js';
import { decode, encode } from './jobs.js';

const message = { to: 'ada@example.com', text: 'secret' };

describe('an erased job', () => {
  it.each([
    ['clear', encode(message, {}, { id: 'order:1' })],
    ['sealed', encode(message, { cipher: new JobCipher(FIRST_CIPHER) })],
  ])(
    'keeps nothing of a %s one but version, environment and lane',
    (_, job) => {
      const erased = eraseJob(job);

      expect(erased).toStrictEqual({
        v: 1,
        environment: 'production',
        lane: 'normal',
        erased: true,
      });
      expect(decode(erased)).toEqual({
        kind: 'erased',
        environment: 'production',
        lane: 'normal',
      });
    },
  );

  it('stays one when erased again', () => {
    const erased = eraseJob(encode(message));

    expect(eraseJob(erased)).toStrictEqual(erased);
  });
});

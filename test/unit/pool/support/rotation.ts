import type { ResolvedPoolOptions } from '../../../../lib/options/resolved-options.js';
import { LearnedCap } from '../../../../lib/pool/learned-cap.js';
import { Rotation } from '../../../../lib/pool/rotation.js';
import { telling } from '../../../support/telling.js';
import { poolBounds } from './bounds.js';

/** The rotation of a connection to a relay that nothing is known about. */
export function rotation(
  pool: Partial<ResolvedPoolOptions> = {},
  random?: number,
  learned = new LearnedCap(),
): Rotation {
  return new Rotation(
    { pool: poolBounds(pool), learned, telling: telling() },
    random === undefined ? undefined : () => random,
  );
}

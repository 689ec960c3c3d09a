import { SILENT } from '../../../../lib/options/log.js';
import type { ResolvedPoolOptions } from '../../../../lib/options/resolved-options.js';
import { LearnedCap } from '../../../../lib/pool/learned-cap.js';
import { Rotation } from '../../../../lib/pool/rotation.js';
import { poolBounds } from './bounds.js';

/** The rotation of a connection to a relay that nothing is known about. */
export function rotation(
  pool: Partial<ResolvedPoolOptions> = {},
  random?: number,
  learned = new LearnedCap(),
): Rotation {
  return new Rotation(
    { pool: poolBounds(pool), learned, log: SILENT },
    random === undefined ? undefined : () => random,
  );
}

import { POSTGRES } from '../../support/stores/postgres.js';
import { REDIS } from '../../support/stores/redis.js';
import { storePrograms } from '../../support/stores/store-programs.js';

/** Has the stores at hand before any test starts one. */
export async function setup(): Promise<void> {
  for (const store of [REDIS, POSTGRES]) await storePrograms(store);
}

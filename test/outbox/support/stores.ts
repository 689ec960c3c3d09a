import { startPostgres } from '../../support/stores/postgres.js';
import { startRedis } from '../../support/stores/redis.js';
import type { StoreServer } from '../../support/stores/store-server.js';

/** Both stores, each started with nothing in it. */
export const STORES: readonly (readonly [
  name: 'redis' | 'postgres',
  start: () => Promise<StoreServer>,
])[] = [
  ['redis', startRedis],
  ['postgres', startPostgres],
];

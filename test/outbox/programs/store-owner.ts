// Starts the store that it is told to, and says where its data are.
import { startPostgres } from '../../support/stores/postgres.js';
import { startRedis } from '../../support/stores/redis.js';

const start = process.argv[2] === 'redis' ? startRedis : startPostgres;
const { folder } = await start();
process.send?.(folder);

import type { FleetStore } from './fleet-store.js';

/** What of a connection to Redis is used: ioredis' have it. */
export interface RedisCommands {
  eval(script: string, keys: number, ...args: string[]): Promise<unknown>;
}

// A key that is not there reads as false.
const SWAP = `
local found = redis.call('GET', KEYS[1])
local expected = ARGV[1] == 'some' and ARGV[2]
if found ~= expected then return found end
redis.call('SET', KEYS[1], ARGV[3])
return ARGV[3]
`;

/** Keeps a fleet's record under one key of Redis. */
export class RedisFleetStore implements FleetStore {
  readonly #commands: RedisCommands;
  readonly #key: string;

  constructor(commands: RedisCommands, key: string) {
    this.#commands = commands;
    this.#key = key;
  }

  async swap(
    before: string | undefined,
    after: string,
  ): Promise<string | undefined> {
    const expected = before === undefined ? ['none', ''] : ['some', before];
    const args = [this.#key, ...expected, after];
    const found = await this.#commands.eval(SWAP, 1, ...args);
    return typeof found === 'string' ? found : undefined;
  }
}

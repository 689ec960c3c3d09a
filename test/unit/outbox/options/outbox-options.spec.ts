import { Cluster, Redis } from 'ioredis';
import pg from 'pg';
import { describe, expect, it } from 'vitest';

import { InvalidOptionsError } from '../../../../lib/errors/invalid-options.error.js';
import { resolveOutboxOptions } from '../../../../lib/outbox/options/resolve-outbox-options.js';

const VALID = { connection: 'redis://127.0.0.1', environment: 'test' };

function problemsOf(options: unknown): Record<string, string> {
  try {
    resolveOutboxOptions(options);
  } catch (error) {
    if (!(error instanceof InvalidOptionsError)) throw error;
    return Object.fromEntries(
      error.problems.map(({ option, problem }) => [option, problem]),
    );
  }
  return {};
}

describe('the options of the outbox', () => {
  it('have defaults', () => {
    expect(resolveOutboxOptions(VALID)).toMatchObject({
      store: { engine: 'redis', connection: { url: 'redis://127.0.0.1' } },
      environment: 'test',
      role: 'both',
      queueName: 'mail-outbox',
      prefix: 'bull',
      instance: 'default',
      idempotencyWindowMs: 604_800_000,
      retentionMs: 1_209_600_000,
      maxBytes: 10_485_760,
      cipher: undefined,
      retry: { maxAttempts: 10, baseDelayMs: 30_000 },
      onUnknown: 'hold',
      lockMs: 30_000,
    });
  });

  it.each(['bull', '{bull}', 'shop.{mail}-1'])(
    'take the prefix %s',
    (prefix) => {
      expect(resolveOutboxOptions({ ...VALID, prefix })).toMatchObject({
        prefix,
      });
    },
  );

  it.each(['', '{}', '{a}{b}', 'a b', 'a:b', '{a', 7, 'x'.repeat(129)])(
    'refuse the prefix %j',
    (prefix) => {
      expect(() => resolveOutboxOptions({ ...VALID, prefix })).toThrow(
        /`prefix` must be 1 to 128/,
      );
    },
  );

  it('want keys of one slot for a cluster of Redis', () => {
    const connection = new Cluster([], { lazyConnect: true });

    expect(() => resolveOutboxOptions({ ...VALID, connection })).toThrow(
      /`prefix` must have a part in braces for a cluster/,
    );
    expect(
      resolveOutboxOptions({ ...VALID, connection, prefix: '{bull}' }).store,
    ).toMatchObject({ engine: 'redis' });
  });

  it('tell the engine by the connection', () => {
    const client = new Redis({ lazyConnect: true });
    const pool = new pg.Pool();
    const engineOf = (connection: unknown): unknown =>
      resolveOutboxOptions({ ...VALID, connection }).store;

    expect(engineOf('rediss://redis.example')).toMatchObject({
      engine: 'redis',
    });
    expect(engineOf({ host: 'redis.example' })).toMatchObject({
      engine: 'redis',
      connection: { host: 'redis.example' },
    });
    expect(engineOf(client)).toEqual({ engine: 'redis', connection: client });
    expect(engineOf('postgresql://db.example/app')).toEqual({
      engine: 'postgres',
      schema: 'bullmq',
      connection: {
        connectionString: 'postgresql://db.example/app',
        schema: 'bullmq',
        migrate: true,
      },
    });
    expect(
      engineOf({ connectionString: 'postgres://db', schema: 'q', max: 3 }),
    ).toMatchObject({ schema: 'q', connection: { max: 3, migrate: true } });
    expect(engineOf(pool)).toEqual({
      engine: 'postgres',
      schema: 'bullmq',
      connection: pool,
    });
  });

  it('are all refused at once, naming the module', () => {
    const problems = problemsOf({
      role: 'sender',
      queueName: 'a:b',
      idempotencyWindowMs: 10_000,
      retentionMs: 5000,
      retry: { maxAttemps: 3 },
      lockMs: '30',
    });

    expect(Object.keys(problems)).toEqual([
      'retry.maxAttemps',
      'connection',
      'environment',
      'role',
      'queueName',
      'retentionMs',
      'lockMs',
    ]);
    expect(problems['retry.maxAttemps']).toContain('`retry.maxAttempts`');
    expect(() => resolveOutboxOptions({})).toThrow(/^MailOutboxModule was/);
    expect(problemsOf('redis://127.0.0.1')).toHaveProperty('options');
  });

  it('never print a connection', () => {
    const connections = [
      'mysql://app:secret@db.example',
      42,
      { connectionString: 'mysql://app:secret@db.example' },
      ['redis://:secret@redis.example'],
    ];
    for (const connection of connections) {
      const problem = problemsOf({ ...VALID, connection })['connection'];
      expect(problem).toMatch(/^(must|`connectionString` must) be/);
      expect(problem).not.toContain('secret');
    }
  });
});

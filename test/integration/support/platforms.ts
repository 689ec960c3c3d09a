import type { INestApplication, ModuleMetadata } from '@nestjs/common';
import type { AbstractHttpAdapter } from '@nestjs/core';
import { ExpressAdapter } from '@nestjs/platform-express';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { Test } from '@nestjs/testing';

/** The HTTP platforms that every HTTP test runs on. */
export const PLATFORMS: readonly {
  platform: string;
  adapter: () => AbstractHttpAdapter;
}[] = [
  { platform: 'Express', adapter: () => new ExpressAdapter() },
  { platform: 'Fastify', adapter: () => new FastifyAdapter() },
];

/** An application made of the given parts, not yet initialised. */
export async function createApp(
  metadata: ModuleMetadata,
  adapter: AbstractHttpAdapter,
): Promise<INestApplication> {
  const module = await Test.createTestingModule(metadata)
    .setLogger(SILENT_LOGGER)
    .compile();
  return module.createNestApplication(adapter, { logger: false });
}

const SILENT_LOGGER = {
  log: (): void => undefined,
  error: (): void => undefined,
  warn: (): void => undefined,
};

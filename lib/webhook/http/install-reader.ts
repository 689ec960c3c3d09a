import type { HttpAdapterHost } from '@nestjs/core';
import { invalidWebhookOptions } from '../options/resolve-webhook-options.js';
import { readOnExpress } from './read-on-express.js';
import { readOnFastify } from './read-on-fastify.js';
import type { Reading } from './reading.js';

const INSTALLERS: Readonly<
  Record<string, (instance: unknown, reading: Reading) => boolean>
> = { express: readOnExpress, fastify: readOnFastify };

/**
 * Has the platform read the bodies of posts as they come.
 *
 * @throws InvalidOptionsError on a platform where that cannot be done
 */
export function installReader(
  { httpAdapter }: Pick<HttpAdapterHost, 'httpAdapter'>,
  reading: Reading,
): void {
  const type = httpAdapter.getType();
  const instance: unknown = httpAdapter.getInstance();
  if (INSTALLERS[type]?.(instance, reading) === true) return;
  throw invalidWebhookOptions([
    {
      option: 'path',
      problem:
        `cannot be served on the platform '${type}': the raw bytes of a post, ` +
        'which its signature is over, can be had with ' +
        '@nestjs/platform-express (Express 5) and @nestjs/platform-fastify. ' +
        'Elsewhere set `path: false`, switch the raw body on ' +
        '(`NestFactory.create(AppModule, { rawBody: true })`, and the limit on ' +
        'bodies up to 2 MiB), and write a controller that calls ' +
        '`verifySignature` and `webhook.take`',
    },
  ]);
}

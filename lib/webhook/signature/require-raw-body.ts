import { invalidWebhookOptions } from '../options/resolve-webhook-options.js';

/**
 * Tells apart the raw body of a post from what a controller has of it when Nest
 * was not told to keep it: nothing, or what a parser has made.
 *
 * @throws InvalidOptionsError saying what to switch on
 */
export function requireRawBody(body: unknown): asserts body is Uint8Array {
  if (ArrayBuffer.isView(body)) return;
  throw invalidWebhookOptions([
    {
      option: 'rawBody',
      problem:
        'is not switched on: the signature is over the bytes of the post. ' +
        'Start the application with `NestFactory.create(AppModule, ' +
        '{ rawBody: true })`, let it take bodies of 2 MiB (Express: ' +
        "`app.useBodyParser('json', { limit: '2mb' })`, Fastify: `new " +
        'FastifyAdapter({ bodyLimit: 2_097_152 })`), and pass what ' +
        '`@RawBody()` gives',
    },
  ]);
}

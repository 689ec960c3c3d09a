import {
  ShutdownSignal,
  type DynamicModule,
  type Type,
  ValidationPipe,
} from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { MailExceptionFilter } from 'nestjs-sendgrid-smtp';

/** Serves an application on `PORT`, 3000 when it is not set, and returns that. */
export async function serve(
  module: Type | DynamicModule,
): Promise<string | number> {
  const app = await NestFactory.create(module);
  app.useGlobalPipes(new ValidationPipe({ whitelist: true }));
  app.useGlobalFilters(new MailExceptionFilter());

  // On a signal Nest closes the app, and the module delivers what is queued.
  // The process then exits with 0 rather than by the signal.
  app.enableShutdownHooks([ShutdownSignal.SIGINT, ShutdownSignal.SIGTERM], {
    useProcessExit: true,
  });
  const { PORT = 3000 } = process.env;
  await app.listen(PORT);
  return PORT;
}

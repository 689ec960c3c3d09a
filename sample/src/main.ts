import 'reflect-metadata';
import { Logger, ShutdownSignal, ValidationPipe } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { MailExceptionFilter } from 'nestjs-sendgrid-smtp';
import { AppModule } from './app.module.js';

const app = await NestFactory.create(AppModule);
app.useGlobalPipes(new ValidationPipe({ whitelist: true }));
app.useGlobalFilters(new MailExceptionFilter());

// On a signal Nest closes the app, and the module delivers what is queued. The
// process then exits with 0 rather than by the signal.
app.enableShutdownHooks([ShutdownSignal.SIGINT, ShutdownSignal.SIGTERM], {
  useProcessExit: true,
});
const { PORT = 3000 } = process.env;
await app.listen(PORT);
if (process.env['NODE_ENV'] === 'development') {
  const mailbox = `http://localhost:${PORT}/dev/mailbox`;
  new Logger('Sample').log(`Mail is shown at ${mailbox}`);
}

import 'reflect-metadata';
import { Logger } from '@nestjs/common';
import { AppModule } from './app.module.js';
import { serve } from './serve.js';

const port = await serve(AppModule);
if (process.env['NODE_ENV'] === 'development') {
  const mailbox = `http://localhost:${port}/dev/mailbox`;
  new Logger('Sample').log(`Mail is shown at ${mailbox}`);
}

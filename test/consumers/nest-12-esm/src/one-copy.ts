import 'reflect-metadata';
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import * as root from 'nestjs-sendgrid-smtp';
import * as compat from 'nestjs-sendgrid-smtp/compat';
import * as health from 'nestjs-sendgrid-smtp/health';
import * as mailbox from 'nestjs-sendgrid-smtp/mailbox';
import * as telemetry from 'nestjs-sendgrid-smtp/telemetry';
import * as templates from 'nestjs-sendgrid-smtp/templates';
import * as testing from 'nestjs-sendgrid-smtp/testing';
import * as webhook from 'nestjs-sendgrid-smtp/webhook';

const require = createRequire(import.meta.url);

assert.equal(require('nestjs-sendgrid-smtp').MailService, root.MailService);
assert.equal(
  require('nestjs-sendgrid-smtp/testing').FakeSendGrid,
  testing.FakeSendGrid,
);
assert.equal(
  require('nestjs-sendgrid-smtp/compat').MailerModule,
  compat.MailerModule,
);
assert.equal(
  require('nestjs-sendgrid-smtp/health').MailHealthModule,
  health.MailHealthModule,
);
assert.equal(
  require('nestjs-sendgrid-smtp/mailbox').MailboxModule,
  mailbox.MailboxModule,
);
assert.equal(
  require('nestjs-sendgrid-smtp/telemetry').MailTelemetryModule,
  telemetry.MailTelemetryModule,
);
assert.equal(
  require('nestjs-sendgrid-smtp/templates').createTemplates,
  templates.createTemplates,
);
assert.equal(
  require('nestjs-sendgrid-smtp/webhook').SendGridWebhookModule,
  webhook.SendGridWebhookModule,
);
assert.deepEqual(
  Object.keys(require.cache)
    .filter((path) => path.includes('dist/cjs'))
    .filter((path) => path.includes('nestjs-sendgrid-smtp')),
  [],
);

import type { Provider } from '@nestjs/common';
import { Logger } from '@nestjs/common';
import { ModuleRef, ModulesContainer } from '@nestjs/core';
import type { GivenOptions } from '../options-provider.js';
import type { Log } from '../options/log.js';
import { EventHandlers } from './handlers/event-handlers.js';
import { RawBodies } from './http/raw-bodies.js';
import type { Reading } from './http/reading.js';
import { SignatureGuard } from './http/signature.guard.js';
import { Complaints } from './intake/complaints.js';
import { EventFlow } from './intake/event-flow.js';
import { Intake } from './intake/intake.js';
import {
  resolveWebhookOptions,
  type ResolvedWebhookOptions,
} from './options/resolve-webhook-options.js';
import { SendGridWebhook } from './sendgrid-webhook.js';
import { WebhookLifecycle, type WebhookParts } from './webhook-lifecycle.js';

/** Token of the options as the application gave them, wrapped. */
export const WEBHOOK_OPTIONS = 'SendGridWebhookOptions';

/** Token of the class that makes them. */
export const WEBHOOK_OPTIONS_FACTORY = 'SendGridWebhookOptionsFactory';

/** Token of what the platform is to read; `undefined` without a controller. */
export const WEBHOOK_READING = 'SendGridWebhookReading';

const RESOLVED = 'SendGridWebhookResolvedOptions';
const PARTS = 'SendGridWebhookParts';

const LOGGER = new Logger('SendGridWebhookModule');
const LOG: Log = {
  info: (message) => LOGGER.log(message),
  warn: (message) => LOGGER.warn(message),
};

/** Everything of the webhook but its options. */
export function webhookProviders(path: string | false): Provider[] {
  return [
    RawBodies,
    { provide: Complaints, useFactory: () => new Complaints(LOG) },
    {
      provide: RESOLVED,
      inject: [WEBHOOK_OPTIONS],
      useFactory: (given: GivenOptions) =>
        resolveWebhookOptions(given.reveal()),
    },
    {
      provide: WEBHOOK_READING,
      inject: [RESOLVED, RawBodies],
      useFactory: (
        { maxBodyBytes: maxBytes }: ResolvedWebhookOptions,
        bodies: RawBodies,
      ): Reading | undefined =>
        path === false ? undefined : { bodies, maxBytes, path },
    },
    {
      provide: SignatureGuard,
      inject: [RESOLVED, RawBodies, Complaints],
      useFactory: (...parts: ConstructorParameters<typeof SignatureGuard>) =>
        new SignatureGuard(...parts),
    },
    {
      provide: PARTS,
      inject: [RESOLVED, Complaints],
      useFactory: partsOf,
    },
    {
      provide: SendGridWebhook,
      inject: [PARTS],
      useFactory: ({ flow, intake }: WebhookParts) =>
        new SendGridWebhook(flow, intake),
    },
    {
      provide: WebhookLifecycle,
      inject: [PARTS, ModulesContainer, ModuleRef],
      useFactory: (...parts: ConstructorParameters<typeof WebhookLifecycle>) =>
        new WebhookLifecycle(...parts),
    },
  ];
}

function partsOf(
  options: ResolvedWebhookOptions,
  complaints: Complaints,
): WebhookParts {
  const flow = new EventFlow(options, new EventHandlers(), complaints);
  const intake = new Intake(options.maxQueuedBytes, (body) =>
    flow.handle(body),
  );
  return { options, flow, intake, log: LOG };
}

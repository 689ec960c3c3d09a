import type { Provider } from '@nestjs/common';
import { Logger } from '@nestjs/common';
import { ModuleRef, ModulesContainer } from '@nestjs/core';
import type { GivenOptions } from '../options-provider.js';
import type { Log } from '../options/log.js';
import { EventHandlers } from './handlers/event-handlers.js';
import { pathProblem } from './http/path-problem.js';
import { RawBodies } from './http/raw-bodies.js';
import type { Reading } from './http/reading.js';
import { Complaints } from './intake/complaints.js';
import { EventFlow } from './intake/event-flow.js';
import { Intake } from './intake/intake.js';
import {
  invalidWebhookOptions,
  resolveWebhookOptions,
  type ResolvedWebhookOptions,
} from './options/resolve-webhook-options.js';
import { SendGridWebhook } from './sendgrid-webhook.js';
import {
  WEBHOOK_OPTIONS,
  WEBHOOK_PARTS,
  WEBHOOK_READING,
  WEBHOOK_RESOLVED,
} from './webhook-tokens.js';
import { WebhookLifecycle, type WebhookParts } from './webhook-lifecycle.js';

const LOGGER = new Logger('SendGridWebhookModule');
const LOG: Log = {
  info: (message) => LOGGER.log(message),
  warn: (message) => LOGGER.warn(message),
};

/** Everything of the webhook but its options. */
export function webhookProviders(path: string | false): Provider[] {
  return [
    {
      provide: RawBodies,
      inject: [WEBHOOK_RESOLVED],
      useFactory: (options: ResolvedWebhookOptions) => new RawBodies(options),
    },
    { provide: Complaints, useFactory: () => new Complaints(LOG) },
    {
      provide: WEBHOOK_RESOLVED,
      inject: [WEBHOOK_OPTIONS],
      useFactory: (given: GivenOptions) =>
        resolveWebhookOptions(given.reveal()),
    },
    {
      provide: WEBHOOK_READING,
      inject: [WEBHOOK_RESOLVED, RawBodies],
      useFactory: (
        { maxBodyBytes }: ResolvedWebhookOptions,
        bodies: RawBodies,
      ): Reading | undefined => {
        if (path === false) return undefined;
        const problem = pathProblem(path);
        if (problem === undefined) return { bodies, maxBodyBytes, path };
        throw invalidWebhookOptions([{ option: 'path', problem }]);
      },
    },
    {
      provide: WEBHOOK_PARTS,
      inject: [WEBHOOK_RESOLVED, Complaints],
      useFactory: partsOf,
    },
    {
      provide: SendGridWebhook,
      inject: [WEBHOOK_PARTS],
      useFactory: ({ flow, intake }: WebhookParts) =>
        new SendGridWebhook(flow, intake),
    },
    {
      provide: WebhookLifecycle,
      inject: [WEBHOOK_PARTS, ModulesContainer, ModuleRef],
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

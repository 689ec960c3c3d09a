import { BULK } from './runs/bulk.js';
import { CONFIGURATION } from './runs/configuration.js';
import {
  ATTACHMENTS,
  EVENTS,
  KUBERNETES,
  OBSERVABILITY,
  PRIVACY,
  SERVERLESS,
  TELEMETRY,
  X_SMTPAPI,
} from './runs/guides.js';
import { INCIDENTS } from './runs/incidents.js';
import { MAILBOX } from './runs/mailbox.js';
import { MERGE } from './runs/merge.js';
import { MIGRATING } from './runs/migrating.js';
import { README } from './runs/readme.js';
import { SENDING } from './runs/sending.js';
import { TEMPLATES } from './runs/templates.js';
import { TESTING } from './runs/testing.js';
import { WEBHOOK } from './runs/webhook.js';
import { NEEDS_A_STORE, type Runs } from './support/run.js';

/** What running the blocks of each page has to show. */
export const ALL_RUNS: Readonly<Record<string, Runs>> = {
  'README.md': README,
  'docs/attachments.md': ATTACHMENTS,
  'docs/bulk.md': BULK,
  'docs/configuration.md': CONFIGURATION,
  'docs/events.md': EVENTS,
  'docs/incidents.md': INCIDENTS,
  'docs/kubernetes.md': KUBERNETES,
  'docs/mailbox.md': MAILBOX,
  'docs/merge.md': MERGE,
  'docs/migrating.md': MIGRATING,
  'docs/observability.md': OBSERVABILITY,
  'docs/outbox.md': {
    Orders: NEEDS_A_STORE,
    placeOrder: NEEDS_A_STORE,
    UncertainMail: NEEDS_A_STORE,
    encryption: NEEDS_A_STORE,
  },
  'docs/security-and-privacy.md': PRIVACY,
  'docs/sending.md': SENDING,
  'docs/serverless.md': SERVERLESS,
  'docs/telemetry.md': TELEMETRY,
  'docs/templates.md': TEMPLATES,
  'docs/testing.md': TESTING,
  'docs/webhook.md': WEBHOOK,
  'docs/x-smtpapi.md': X_SMTPAPI,
};

import type { Suite } from './bench.js';
import { campaign } from './campaign.js';
import { composed } from './composed.js';
import { firstMessage } from './first-message.js';
import { growth } from './growth.js';
import { oneConnection } from './one-connection.js';
import { prepared } from './prepared.js';
import { queue } from './queue.js';
import { rotation } from './rotation.js';
import { templates } from './templates.js';
import { webhook } from './webhook.js';

/** Every part of the bench by its name for `--only`, in the report's order. */
export const SUITES = {
  prepared,
  composed,
  campaign,
  templates,
  'one-connection': oneConnection,
  'first-message': firstMessage,
  rotation,
  queue,
  growth,
  webhook,
} satisfies Record<string, Suite>;

export type SuiteName = keyof typeof SUITES;

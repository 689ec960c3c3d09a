import { nodemailerCampaign, ownMany, ownMerge } from './campaign.js';
import type { Contestant, Load, Sender, Target } from './contestant.js';
import { nestMailer } from './nest-mailer.js';
import { nodemailerComposed, nodemailerPrepared } from './nodemailer-pool.js';
import { ownModule } from './own-module.js';
import { ownHeard, ownPrepared } from './own-prepared.js';
import { ownRaw, ownTransport } from './own-transport.js';
import { rawWriter } from './raw-writer.js';
import { nestMailerTemplate, ownTemplate } from './templates.js';
import { upyo } from './upyo.js';
import { namesOf } from '../trusted.js';
import { windowed } from './windowed.js';

type Maybe<T> = T | Promise<T>;
type Open<T> = (target: Target, load: Load) => Maybe<T>;

/** The libraries that send one message when asked. */
export const SENDERS = {
  'own-prepared': ownPrepared,
  'own-heard': ownHeard,
  'own-raw': ownRaw,
  'own-transport': ownTransport,
  'own-module': ownModule,
  'nodemailer-prepared': nodemailerPrepared,
  'nodemailer-composed': nodemailerComposed,
  'nest-mailer': nestMailer,
  'nodemailer-campaign': nodemailerCampaign,
  'own-template': ownTemplate(false),
  'own-inlined': ownTemplate(true),
  'nest-mailer-template': nestMailerTemplate(false),
  'nest-mailer-inlined': nestMailerTemplate(true),
} satisfies Record<string, Open<Sender>>;

/** What only runs as a whole. */
const RUNNERS = {
  'raw-writer': rawWriter,
  upyo,
  'own-many': ownMany,
  'own-merge': ownMerge,
} satisfies Record<string, Open<Contestant>>;

export type SenderName = keyof typeof SENDERS;
export type ContestantName = SenderName | keyof typeof RUNNERS;

/** Names of everything that can be measured. */
export const CONTESTANTS: readonly ContestantName[] = [
  ...namesOf(SENDERS),
  ...namesOf(RUNNERS),
];

/** Makes a contestant ready; `inFlight` sends are kept under way, where it counts. */
export async function openContestant(
  name: ContestantName,
  { target, load, inFlight }: { target: Target; load: Load; inFlight: number },
): Promise<Contestant> {
  if (isRunner(name)) return RUNNERS[name](target, load);
  return windowed(await SENDERS[name](target, load), inFlight);
}

function isRunner(name: ContestantName): name is keyof typeof RUNNERS {
  return name in RUNNERS;
}

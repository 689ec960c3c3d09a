import { createTransport } from 'nodemailer';
import type { SendTotals } from '../../lib/bulk/send-totals.js';
import type { MailService } from '../../lib/mail.service.js';
import { mailOf } from '../mail.js';
import type { Contestant, Load, Sender, Target } from './contestant.js';
import { nodemailerOptions } from './nodemailer-options.js';
import { openModule } from './own-module.js';

// One text and one html for all; only the recipients differ.
const { from, subject, text, html } = mailOf(0);
const CAMPAIGN = { from, subject, text, html };

type Run = (mail: MailService, count: number) => PromiseLike<SendTotals>;

/** This library's `sendMany`: a message for each recipient. */
export function ownMany(target: Target, _load: Load): Promise<Contestant> {
  return inModule(target, (mail, count) => mail.sendMany(messages(count)));
}

/** This library's `sendMerge`: a message for each 1,000 recipients. */
export function ownMerge(target: Target, _load: Load): Promise<Contestant> {
  return inModule(target, (mail, count) =>
    mail.sendMerge({ ...CAMPAIGN, recipients: recipients(count) }),
  );
}

/** nodemailer's own pool: a message for each recipient. */
export function nodemailerCampaign(target: Target, _load: Load): Sender {
  const mailer = createTransport(nodemailerOptions(target));
  return {
    send: (n) => mailer.sendMail({ ...CAMPAIGN, to: addressOf(n) }),
    close: () => mailer.close(),
  };
}

async function inModule(target: Target, run: Run): Promise<Contestant> {
  const { mail, close } = await openModule(target);
  return {
    run: async (count) => {
      const { accepted } = await run(mail, count);
      if (accepted !== count) throw new Error(`${accepted} of ${count} left`);
    },
    close,
  };
}

function* messages(count: number): Generator<typeof CAMPAIGN & { to: string }> {
  for (let n = 0; n < count; n += 1) yield { ...CAMPAIGN, to: addressOf(n) };
}

/** With a text of their own, which is what a merge is for. */
function* recipients(count: number): Generator<{
  to: string;
  substitutions: Record<string, string>;
}> {
  for (let n = 0; n < count; n += 1) {
    const substitutions = { '-name-': `Customer ${n}` };
    yield { to: addressOf(n), substitutions };
  }
}

function addressOf(n: number): string {
  return `Customer ${n} <customer-${n}@example.com>`;
}

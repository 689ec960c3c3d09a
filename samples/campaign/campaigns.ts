import { BadRequestException, Injectable } from '@nestjs/common';
import {
  MailService,
  type MergeOutcome,
  type MergeRecipient,
  type SendRun,
  type SendTotals,
} from 'nestjs-sendgrid-smtp';
import { randomUUID } from 'node:crypto';
import type { StartCampaignDto } from './start-campaign.dto.js';

/** One message on its way to many. */
export interface Campaign {
  readonly run: SendRun<MergeOutcome>;

  /** Resolves once the last recipient's outcome is known; never rejects. */
  readonly ended: Promise<SendTotals>;
}

const KEPT_MS = 10 * 60_000;
const MAX_CAMPAIGNS = 100;

/** The campaigns under way, and those that ended in the last ten minutes. */
@Injectable()
export class Campaigns {
  readonly #campaigns = new Map<string, Campaign>();

  constructor(private readonly mail: MailService) {}

  /** Starts one; the newest hundred can be asked for. */
  start({ subject, html, recipients, count = 0 }: StartCampaignDto): string {
    const run = this.mail.sendMerge(
      { subject, html, recipients: recipients?.map(toMerge) ?? madeUp(count) },
      { total: recipients?.length ?? count },
    );
    // An error of the recipients' source ends it too; the totals say so.
    const ended = run.then(
      (totals) => totals,
      () => run.totals,
    );
    const id = randomUUID();
    this.#campaigns.set(id, { run, ended });
    void ended.then(() => {
      setTimeout(() => this.#campaigns.delete(id), KEPT_MS).unref();
    });
    const [oldest] = this.#campaigns.keys();
    if (this.#campaigns.size > MAX_CAMPAIGNS && oldest !== undefined) {
      this.#campaigns.delete(oldest);
    }
    return id;
  }

  find(id: string): Campaign | undefined {
    return this.#campaigns.get(id);
  }
}

function toMerge({ to, name }: { to: string; name: string }): MergeRecipient {
  return { to: { name, email: to }, substitutions: { '-name-': name } };
}

/** Recipients for the fake relay, each made when it is its turn. */
function madeUp(count: number): Iterable<MergeRecipient> {
  if (count === 0) {
    throw new BadRequestException('Give `recipients`, or a `count`.');
  }
  if (process.env['SENDGRID_API_KEY']) {
    throw new BadRequestException(
      'Give `recipients`: SendGrid would send to made-up ones too.',
    );
  }
  return customers(count);
}

function* customers(count: number): Generator<MergeRecipient> {
  for (let n = 1; n <= count; n += 1) {
    yield toMerge({ to: `customer-${n}@example.com`, name: `Customer ${n}` });
  }
}

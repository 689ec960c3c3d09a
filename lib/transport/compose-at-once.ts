import type { SendMailOptions } from 'nodemailer';
import type { OutgoingMail } from '../delivery/carrier.js';
import { composeDirectly } from '../message/compose-directly.js';
import { hasDirectFields } from '../message/direct-fields.js';
import type { MessageLimits } from '../message/serialize.js';
import {
  apiFor,
  checkPlan,
  smtpApiPlan,
  type SmtpApiPlan,
} from '../message/smtp-api-plan.js';
import { smtpApiHeader } from '../message/x-smtpapi/smtp-api-header.js';

/** What of an instance's options a message is composed by. */
interface ComposeOptions extends MessageLimits {
  readonly correlation: boolean;
}

const NO_PLAN: SmtpApiPlan = { api: {} };

/**
 * Composes a message of the common kind with its X-SMTPAPI header. Any other
 * gives undefined and must take nodemailer's tree.
 *
 * @throws MailError `INVALID_MESSAGE` or `SENDER`, as on the way over the tree
 */
export function composeAtOnce(
  data: SendMailOptions,
  options: ComposeOptions,
): OutgoingMail | undefined {
  const { correlation } = options;
  if (!('sendgrid' in data)) {
    return composeDirectly(data, options, smtpApiHeader(correlation));
  }
  // Before a header is made in vain that may name thousands.
  if (!hasDirectFields(data)) return undefined;
  const plan = smtpApiPlan(data) ?? NO_PLAN;
  const { addressees, first } = plan;
  const header = smtpApiHeader(correlation, apiFor(plan, addressees));
  const mail = composeDirectly(data, options, header, first);
  if (mail === undefined) return undefined;
  checkPlan(plan, mail.envelope);
  return { ...mail, addressees: addressees?.map(({ address }) => address) };
}

import type { Readable } from 'node:stream';
import type { OutgoingMail } from '../delivery/carrier.js';
import type { Addressee } from '../message/addressees.js';
import { envelopeOf } from '../message/envelope.js';
import { encodeMessageId } from '../message/header-encoder.js';
import { rawOf, type MimeTree } from '../message/mime-tree.js';
import { redirectTree } from '../message/redirect-tree.js';
import { serialize } from '../message/serialize.js';
import {
  apiFor,
  checkPlan,
  smtpApiPlan,
  type SmtpApiPlan,
} from '../message/smtp-api-plan.js';
import {
  NO_SMTP_API,
  smtpApiHeader,
  type SmtpApiHeader,
} from '../message/x-smtpapi/smtp-api-header.js';
import type { Envelope } from '../smtp/envelope.js';
import type { MailLine } from './mail-line.js';
import type { SendTicket } from './send-ticket.js';

/** A message composed over nodemailer's tree. */
export interface TreeMail {
  readonly mail: OutgoingMail;

  /** Its recipients before they were redirected. */
  readonly addressed: readonly string[];
}

/**
 * Brings a message into wire format from nodemailer's tree, redirected and
 * with its X-SMTPAPI header.
 *
 * @param data - what the tree was made from, admitted
 * @throws MailError `INVALID_MESSAGE` or `SENDER`, as a rejection
 */
export async function composeTree(
  root: MimeTree,
  data: object,
  line: MailLine,
  ticket: SendTicket,
): Promise<TreeMail> {
  const { options } = line;
  const plan = smtpApiPlan(data);
  const { envelope, addressed, leading } = addressing(root, plan, line);
  const smtpApi = headerOf(root, plan, leading, options.correlation);
  const limits = {
    maxStreamBytes: options.queue.maxStreamBytes,
    maxMessageBytes: options.maxMessageBytes,
    allowedFrom: options.allowedFrom,
    reading: (stream: Readable) => ticket.reads(stream),
  };
  const { content, sender = envelope.from } = await serialize(
    root,
    limits,
    smtpApi.text,
  );
  const mail: OutgoingMail = {
    messageId: encodeMessageId(root.messageId()),
    mailId: smtpApi.mailId,
    sender,
    envelope,
    content,
    addressees: leading?.map(({ address }) => address),
  };
  return { mail, addressed };
}

interface Addressed {
  readonly envelope: Envelope;
  readonly addressed: readonly string[];

  /** Whom the header names, if it does. */
  readonly leading: readonly Addressee[] | undefined;
}

function addressing(
  root: MimeTree,
  plan: SmtpApiPlan | undefined,
  { redirect }: MailLine,
): Addressed {
  if (plan?.first !== undefined) root.setHeader('To', [{ ...plan.first }]);
  const envelope = envelopeOf(root);
  if (plan !== undefined) checkPlan(plan, envelope);
  const addressees = plan?.addressees;
  const addressed = addressees?.map(({ address }) => address) ?? envelope.to;
  if (redirect === undefined) {
    return { envelope, addressed, leading: addressees };
  }
  const redirected = redirectTree(
    root,
    { ...envelope, to: addressed },
    redirect,
  );
  if (addressees === undefined) {
    return { envelope: redirected, addressed, leading: undefined };
  }
  const leading = addressees.map((one) => redirect.mailbox(one));
  const to = leading.slice(0, 1).map(({ address }) => address);
  return { envelope: { from: envelope.from, to }, addressed, leading };
}

// A raw message that asks for nothing carries no id either.
function headerOf(
  root: MimeTree,
  plan: SmtpApiPlan | undefined,
  leading: readonly Addressee[] | undefined,
  correlation: boolean,
): SmtpApiHeader {
  if (plan !== undefined)
    return smtpApiHeader(correlation, apiFor(plan, leading));
  return rawOf(root) === undefined ? smtpApiHeader(correlation) : NO_SMTP_API;
}

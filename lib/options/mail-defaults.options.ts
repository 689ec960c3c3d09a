import type { MailDefaults } from 'nodemailer';

import { sendGridProblem } from '../message/x-smtpapi/sendgrid-problem.js';
import { isRecord } from './is-record.js';
import { senderProblem, toNodemailerMailbox } from './mailbox.js';
import { OptionGroup, type UnknownName } from './option-group.js';
import { Rule } from './rule.js';
import { Refused } from './rules.js';

const NO_RECIPIENTS =
  'a default recipient would get every mail; give recipients with each message';

/** Validates the default message fields; those not listed here are nodemailer's. */
export class MailDefaultsOptions extends OptionGroup {
  @Rule(senderProblem)
  readonly from: unknown = undefined;

  @Refused(NO_RECIPIENTS)
  readonly to: unknown = undefined;

  @Refused(NO_RECIPIENTS)
  readonly cc: unknown = undefined;

  @Refused(NO_RECIPIENTS)
  readonly bcc: unknown = undefined;

  @Refused('it would replace the recipients of every mail')
  readonly envelope: unknown = undefined;

  @Rule((value) =>
    isRecord(value) ? undefined : 'must be an object of headers, {got}',
  )
  readonly headers: unknown = undefined;

  @Rule((value) => (value === null ? undefined : sendGridProblem(value)))
  readonly sendgrid: unknown = undefined;

  @Refused('it could rename a header to one that adds recipients')
  readonly normalizeHeaderKey: unknown = undefined;

  #fields: object = {};

  override take(input: object, path: string): UnknownName[] {
    this.#fields = { ...input };
    super.take(this.#fields, path);
    return [];
  }

  /** The fields as given, with mailboxes as nodemailer reads them. */
  toMailDefaults(): MailDefaults {
    const fields: MailDefaults = { ...this.#fields };
    for (const name of ['from', 'sender', 'replyTo'])
      if (Object.hasOwn(fields, name))
        Reflect.set(
          fields,
          name,
          toNodemailerMailbox(Reflect.get(fields, name)),
        );
    return Object.freeze(fields);
  }
}

import type { Envelope } from '../smtp/envelope.js';
import { addresseesOf, addresseeText, type Addressee } from './addressees.js';
import { admitAddresses } from './admit-addresses.js';
import { invalidMessage } from './invalid-message.js';
import { compileFields } from './x-smtpapi/compile-fields.js';
import { hasLists, subFor } from './x-smtpapi/substitutions.js';
import type { XSmtpApi } from './x-smtpapi/x-smtp-api.js';

/** How a message with the field `sendgrid` leaves. */
export interface SmtpApiPlan {
  /** The content of the header, but for `to`. */
  readonly api: XSmtpApi;

  /**
   * Those that get a message of their own each. Without, the message goes to
   * the recipients of its envelope, and with `sub` to exactly one.
   */
  readonly addressees?: readonly Addressee[];

  /** The first of them, whom the message is addressed to. */
  readonly first?: Addressee;
}

const PATH = 'sendgrid';
const SUBSTITUTIONS = `${PATH}.substitutions`;
const MAX_ADDRESSEES = 10_000;

/**
 * Checks the field `sendgrid` of a message and says how it leaves; undefined
 * without one.
 *
 * @throws MailError `INVALID_MESSAGE` for what SendGrid would drop
 */
export function smtpApiPlan(data: object): SmtpApiPlan | undefined {
  const fields: unknown = Reflect.get(data, PATH);
  if (fields === undefined || fields === null) return undefined;
  const { api, substitutions } = compileFields(fields, PATH);
  if (api.send_each_at === undefined && !hasLists(substitutions)) {
    if (substitutions.size === 0) return { api };
    const sub = subFor(substitutions, 1, SUBSTITUTIONS);
    return { api: { sub, ...api } };
  }
  const addressees = soleAddressing(data);
  const [first] = addressees;
  if (first === undefined) throw needsTo();
  const { length } = addressees;
  checkTimes(api, length);
  if (substitutions.size === 0) return { api, first, addressees };
  const sub = subFor(substitutions, length, SUBSTITUTIONS);
  return { api: { sub, ...api }, first, addressees };
}

/**
 * The content of the header.
 *
 * @param addressees - the plan's, or those that they were replaced by
 */
export function apiFor(
  { api }: SmtpApiPlan,
  addressees: readonly Addressee[] | undefined,
): XSmtpApi {
  if (addressees === undefined) return api;
  return { to: addressees.map(addresseeText), ...api };
}

/**
 * Checks the plan against the envelope that the message got.
 *
 * @throws MailError `INVALID_MESSAGE` when SendGrid would send more or less
 */
export function checkPlan({ api, first }: SmtpApiPlan, { to }: Envelope): void {
  if (first !== undefined) {
    if (to.length === 1 && to[0] === first.address) return;
    throw onlyTo();
  }
  if (api.sub === undefined || to.length === 1) return;
  throw invalidMessage(
    `\`${SUBSTITUTIONS}\` holds no list, and the message has ${to.length} ` +
      'recipients. Give at least one tag a list with a text for each of ' +
      '`to`, so that each gets a message of its own, or use `sendMerge`.',
  );
}

function soleAddressing(data: object): readonly Addressee[] {
  const { to, cc, bcc, envelope, raw } = fieldsOf(data);
  if (!isEmpty(cc) || !isEmpty(bcc) || !isEmpty(envelope)) throw onlyTo();
  if (raw) {
    throw invalidMessage(
      'A raw message cannot go to each of `to` by itself: its To header is ' +
        'written already. Give its content in fields, or leave ' +
        '`sendgrid.sendEachAt` and the lists of substitutions out.',
    );
  }
  const addressees = addresseesOf(admitAddresses(to, 'to'));
  if (addressees.length <= MAX_ADDRESSEES) return addressees;
  throw invalidMessage(
    `\`to\` holds ${addressees.length} recipients that get a message each; ` +
      `SendGrid takes ${MAX_ADDRESSEES}. Send several messages.`,
  );
}

function fieldsOf(data: object): Record<string, unknown> {
  return { ...data };
}

function isEmpty(value: unknown): boolean {
  return !value || (Array.isArray(value) && value.length === 0);
}

function checkTimes({ send_each_at: times }: XSmtpApi, count: number): void {
  if (times === undefined || times.length === count) return;
  throw invalidMessage(
    `\`${PATH}.sendEachAt\` holds ${times.length} times for ${count} ` +
      'recipients in `to`. Give one for each.',
  );
}

function needsTo(): Error {
  return invalidMessage(
    'The message has no recipient in `to`. `sendgrid.sendEachAt` and lists of ' +
      'substitutions are for the recipients named there.',
  );
}

function onlyTo(): Error {
  return invalidMessage(
    'With `sendgrid.sendEachAt`, or a list of substitutions, each of `to` gets ' +
      'a message of its own: name recipients in `to` only, without `cc`, ' +
      '`bcc`, `envelope` and address headers.',
  );
}

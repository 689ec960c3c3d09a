import {
  addresseesOf,
  addresseeText,
  type Addressee,
} from '../../message/addressees.js';
import { admitAddresses } from '../../message/admit-addresses.js';
import { isFields } from '../../message/header-entries.js';
import type { MailMessage } from '../../message/mail-message.js';
import { asciiJson, jsonOctets } from '../../message/x-smtpapi/ascii-json.js';
import { customArgsOf } from '../../message/x-smtpapi/custom-args.js';
import { pathTo, refused } from '../../message/x-smtpapi/field-checks.js';
import { admitMerge, type AdmittedMerge } from './admit-merge.js';
import { refuseLongWords } from './long-words.js';
import type { MergeMessage } from './merge-message.js';
import type { MergeRow } from './merge-row.js';
import { MAX_OWN_OCTETS, Pack, type PackFrame } from './pack.js';
import type { MergeLimits } from './merge-options.js';
import { RowTexts } from './row-texts.js';

// Folding adds a byte to twelve at most.
const UNFOLDED = 0.92;

// "to", "sub", "unique_args" and the header's name, with what is around them.
const HEADER_OCTETS = 100;

const MAIL_ID = 'mail_id';
const MAIL_ID_OCTETS = `"${MAIL_ID}":"00000000-0000-0000-0000-000000000000",`
  .length;

/** What the recipients of a merge have in common: checks each, and makes messages of packs. */
export class Merge {
  readonly #common: AdmittedMerge;
  readonly #texts: RowTexts;
  readonly #limits: MergeLimits;

  /** The octets of the arguments that all have. */
  readonly #argsOctets: number;

  /** @throws MailError `INVALID_MESSAGE` for what nobody could be sent */
  constructor(
    message: MergeMessage,
    raw: boolean | readonly string[],
    limits: MergeLimits,
  ) {
    this.#limits = limits;
    this.#common = admitMerge(message);
    const { fields, substitutions, customArgs } = this.#common;
    const subject = fields['subject'];
    this.#texts = new RowTexts(substitutions, {
      raw,
      subject: typeof subject === 'string' ? subject : '',
    });
    this.#argsOctets =
      asciiJson(Object.fromEntries(customArgs)).length + MAIL_ID_OCTETS;
  }

  /**
   * Checks one recipient.
   *
   * @throws MailError `INVALID_MESSAGE` naming its index and field
   */
  row(recipient: unknown, index: number): MergeRow {
    const path = `recipients[${index}]`;
    if (!isFields(recipient)) throw refused(path, 'must be an object.');
    const { to, substitutions, customArgs } = recipient;
    // First: the first recipient's tags are the merge's, whatever else is wrong with it.
    const texts = this.#texts.of(substitutions, `${path}.substitutions`);
    return {
      to: addresseeOf(to, `${path}.to`),
      texts,
      args: this.#argsOf(customArgs, `${path}.customArgs`),
    };
  }

  /** An empty pack, for rows that there are already. */
  pack(): Pack {
    return new Pack(this.#frame);
  }

  /** The message that a pack goes out as. */
  messageOf(pack: Pack): MailMessage {
    const { fields, sendgrid, customArgs } = this.#common;
    const args = Object.fromEntries([...customArgs, ...pack.customArgs]);
    return {
      ...fields,
      to: pack.rows.map(({ to }) => to),
      sendgrid: {
        ...sendgrid,
        substitutions: pack.substitutions,
        // Those of the defaults hold unless there are others.
        ...(Object.keys(args).length > 0 && { customArgs: args }),
      },
    };
  }

  get #frame(): PackFrame {
    const { recipientsPerMessage, maxHeaderBytes } = this.#limits;
    const common = asciiJson(this.#common.api).length + this.#argsOctets;
    return {
      tags: this.#texts.tags,
      commonArgs: this.#common.customArgs,
      commonArgsOctets: this.#argsOctets,
      maxRecipients: recipientsPerMessage,
      maxOctets: Math.floor(maxHeaderBytes * UNFOLDED) - common - HEADER_OCTETS,
    };
  }

  #argsOf(given: unknown, path: string): ReadonlyMap<string, string> {
    const args = new Map(Object.entries(customArgsOf(given ?? {}, path)));
    let octets = this.#argsOctets;
    for (const [name, value] of args) {
      const where = pathTo(path, name);
      if (name === MAIL_ID) {
        throw refused(where, "is this package's own. Give yours another name.");
      }
      refuseLongWords(name, where);
      refuseLongWords(value, where);
      this.#texts.refuseTags(value, where);
      this.#refuseTagsInCommon(name);
      octets += jsonOctets(name) + jsonOctets(value) + ':,'.length;
    }
    if (octets <= MAX_OWN_OCTETS) return args;
    throw refused(
      path,
      `and those of the message take ${octets} bytes of JSON; SendGrid takes ` +
        `${MAX_OWN_OCTETS}.`,
    );
  }

  // It becomes a text of those that have none of their own.
  #refuseTagsInCommon(name: string): void {
    const common = this.#common.customArgs.get(name);
    if (common === undefined) return;
    this.#texts.refuseTags(common, pathTo('sendgrid.customArgs', name));
  }
}

function addresseeOf(value: unknown, path: string): Addressee {
  const [one, another] = addresseesOf(admitAddresses(value, path));
  if (one === undefined || another !== undefined) {
    throw refused(path, 'must be one address.');
  }
  refuseLongWords(addresseeText(one), path);
  return one;
}

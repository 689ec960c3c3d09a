import { randomUUID } from 'node:crypto';
import { failureStatus } from '../../delivery/ending-of.js';
import { isMailError } from '../../errors/mail-error.js';
import { parseSmtpApi } from '../../message/parse-smtp-api.js';
import type { Ending } from '../../transport/capture-store.js';
import type { CapturedMail } from '../../transport/captured-mail.js';
import { findingsOf } from './findings.js';
import type {
  MailboxMessage,
  MailboxState,
  MailboxSummary,
} from './mailbox-message.js';
import { outcomeOf } from './outcome-of.js';
import type { Reader } from './load-reader.js';
import type { ReadMail } from './read-mail.js';
import { asksElsewhere } from './shown-html.js';

const SHOWN_RECIPIENTS = 10;
const PREVIEW = 140;

/** How much of a text is searched. */
const SEARCHED = 50_000;

/** What the list and the search know of a message without reading it again. */
interface Digest {
  readonly summary: Omit<MailboxSummary, 'state'>;
  readonly searched: string;
}

/** Where a message comes from. */
export interface Origin {
  readonly number: number;
  readonly instance: string;
  readonly reader: Reader;

  /** Whether it is sent too. */
  readonly sends: boolean;
}

/** One message in the mailbox. */
export class Entry {
  readonly id: string = randomUUID();
  readonly at: number = Date.now();
  readonly mail: CapturedMail;
  readonly #origin: Origin;
  #ending: Ending | undefined;
  #digest: Promise<Digest> | undefined;

  constructor(mail: CapturedMail, origin: Origin) {
    this.mail = mail;
    this.#origin = origin;
  }

  /** Later ones have higher numbers. */
  get number(): number {
    return this.#origin.number;
  }

  /** Its sending has ended. */
  end(ending: Ending): void {
    this.#ending = ending;
  }

  get state(): MailboxState {
    if (!this.#origin.sends) return 'captured';
    if (this.#ending === undefined) return 'sending';
    const { receipt, error } = this.#ending;
    if (receipt !== undefined) return 'accepted';
    return isMailError(error) ? failureStatus(error) : 'not-sent';
  }

  /** Its content, which is not kept twice. */
  read(): Promise<ReadMail> {
    return this.#origin.reader(this.mail.raw);
  }

  async summary(): Promise<MailboxSummary> {
    const { summary } = await this.#digested();
    return { ...summary, state: this.state };
  }

  /** Whether it holds every word, and is for the address. */
  async matches({ words, to }: Query): Promise<boolean> {
    const { recipients } = this.mail;
    const isFor =
      to === undefined || recipients.some((one) => one.toLowerCase() === to);
    if (!isFor || words.length === 0) return isFor;
    const { searched } = await this.#digested();
    return words.every((word) => searched.includes(word));
  }

  async whole(): Promise<MailboxMessage> {
    const [read, summary] = await Promise.all([this.read(), this.summary()]);
    const { messageId, envelope, recipients, raw } = this.mail;
    const { headers, text, html, files } = read;
    const smtpApi = parseSmtpApi(raw);
    return {
      ...summary,
      messageId,
      envelope,
      allRecipients: recipients,
      headers,
      text,
      html,
      remoteImages: asksElsewhere(html ?? ''),
      files: files.map(({ bytes: _bytes, ...file }) => file),
      smtpApi,
      findings: findingsOf(this.mail, read, smtpApi),
      outcome: this.#ending && outcomeOf(this.#ending),
    };
  }

  #digested(): Promise<Digest> {
    this.#digest ??= this.#read();
    return this.#digest;
  }

  async #read(): Promise<Digest> {
    const read = await this.read();
    const { from, subject, text, html = '', files } = read;
    const { raw, recipients, tenant, messageId } = this.mail;
    const content = (text ?? withoutTags(html)).slice(0, SEARCHED);
    const [worst] = findingsOf(this.mail, read, parseSmtpApi(raw));
    const searched = [from, subject, tenant ?? '', messageId, content];
    return {
      summary: {
        id: this.id,
        at: this.at,
        instance: this.#origin.instance,
        tenant,
        from,
        to: recipients.slice(0, SHOWN_RECIPIENTS),
        recipients: recipients.length,
        subject,
        preview: content.replaceAll(/\s+/g, ' ').trim().slice(0, PREVIEW),
        size: raw.length,
        attachments: files.length,
        worst: worst?.level,
      },
      searched: [...searched, ...recipients].join('\n').toLowerCase(),
    };
  }
}

/** What is looked for, in lower case. */
export interface Query {
  readonly words: readonly string[];
  readonly to: string | undefined;
}

/** Good enough to look for words in; never shown as html. */
function withoutTags(html: string): string {
  return html
    .replaceAll(/<(style|script|title)[^>]*>[\s\S]*?<\/\1>/gi, ' ')
    .replaceAll(/<[^>]*>/g, ' ')
    .replaceAll('&nbsp;', ' ')
    .replaceAll('&amp;', '&');
}

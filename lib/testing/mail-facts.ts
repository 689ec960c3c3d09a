import type { CapturedMail } from '../transport/captured-mail.js';
import { headerValues } from '../message/header-values.js';
import type { ReceivedMessage } from './fake-sendgrid/received-message.js';

/** A message that was captured, or that the fake relay has accepted. */
export type TestMail = CapturedMail | ReceivedMessage;

/** What a query is compared with. */
export interface MailFacts {
  readonly to: readonly string[];
  readonly from: readonly string[];
  readonly subject: readonly string[];
  readonly text: readonly string[];
  readonly html: readonly string[];
  readonly attachments: readonly string[];
  readonly categories: readonly string[];
  readonly tenant: readonly string[];

  /** The values of a header. */
  header(name: string): readonly string[];

  /** The value of a custom argument, if there is one. */
  customArg(name: string): readonly string[];
}

/** Reads a message, wherever it was taken. */
export function factsOf(mail: TestMail): MailFacts {
  const api = objectOf(mail.smtpApi);
  const args = objectOf(api['unique_args']);
  return {
    to: recipientsOf(mail, api),
    from: [('from' in mail && mail.from?.address) || mail.envelope.from],
    subject: present(mail.subject),
    text: present(mail.text),
    html: present(mail.html),
    attachments: fileNamesOf(mail),
    categories: textsOf(api['category']),
    tenant: 'tenant' in mail ? present(mail.tenant) : [],
    header: (name) => headerValues(mail.raw, name).map(unfolded),
    customArg: (name) => textsOf(args[name]),
  };
}

function recipientsOf(
  mail: TestMail,
  api: Readonly<Record<string, unknown>>,
): readonly string[] {
  if ('recipients' in mail) return mail.recipients;
  const named = textsOf(api['to']).map(
    (text) => /<([^<>]*)>\s*$/.exec(text)?.[1] ?? text,
  );
  return named.length > 0 ? named : mail.envelope.to;
}

function fileNamesOf(mail: TestMail): string[] {
  const files: unknown =
    'attachments' in mail ? mail.attachments : mail.message.attachments;
  const list: readonly unknown[] = Array.isArray(files) ? files : [];
  return list.flatMap((file) => textsOf(objectOf(file)['filename']));
}

function present(text: string | undefined): string[] {
  return text === undefined ? [] : [text];
}

function textsOf(value: unknown): string[] {
  const list: readonly unknown[] = Array.isArray(value) ? value : [value];
  return list
    .filter((one) => typeof one === 'string' || typeof one === 'number')
    .map(String);
}

function objectOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null
    ? Object.fromEntries(Object.entries(value))
    : {};
}

function unfolded(value: string): string {
  return value.replaceAll(/\r\n(?=[\t ])/g, '').trim();
}

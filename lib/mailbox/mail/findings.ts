import { smtpApiProblem } from '../../message/judge-smtp-api.js';
import { headerValues } from '../../message/header-values.js';
import type { CapturedMail } from '../../transport/captured-mail.js';
import type { MailboxFinding } from './mailbox-message.js';
import type { ReadMail } from './read-mail.js';
import { smtpApiFindings } from './smtp-api-findings.js';

/** SendGrid's documented figure for a whole message. */
const MAX_BYTES = 20_000_000;

/** Bytes above which Gmail cuts html off. */
const GMAIL_BYTES = 102 * 1024;
const MAX_RECIPIENTS = 1000;

/** RFC 5322, 2.1.1: without the line end. */
const MAX_LINE = 998;

const LEVELS = ['error', 'warning', 'note'];

type Check = (
  mail: CapturedMail,
  read: ReadMail,
  smtpApi: unknown,
) => MailboxFinding[];

const CHECKS: readonly Check[] = [
  (mail) => headerFinding(smtpApiProblem(mail.raw)),
  (mail) => severalHeaders(headerValues(mail.raw, 'x-smtpapi').length),
  (_mail, _read, smtpApi) => smtpApiFindings(smtpApi),
  sizes,
  texts,
  unsubscribing,
];

/** What SendGrid would do with a message, and what its readers would see; the worst first. */
export function findingsOf(...about: Parameters<Check>): MailboxFinding[] {
  return CHECKS.flatMap((check) => check(...about)).toSorted(
    (one, other) => LEVELS.indexOf(one.level) - LEVELS.indexOf(other.level),
  );
}

function headerFinding(problem: string | undefined): MailboxFinding[] {
  if (problem === undefined) return [];
  const message = `SendGrid accepts the message and drops it: Invalid SMTPAPI header. ${problem}`;
  return [{ level: 'error', code: 'invalid-x-smtpapi', message }];
}

function severalHeaders(count: number): MailboxFinding[] {
  if (count < 2) return [];
  const message = `There are ${count} X-SMTPAPI headers. Give what SendGrid is to do in \`sendgrid\` only.`;
  return [{ level: 'warning', code: 'several-x-smtpapi', message }];
}

function sizes({ raw, envelope }: CapturedMail): MailboxFinding[] {
  const found: MailboxFinding[] = [];
  if (raw.length > MAX_BYTES) {
    const message = `The message has ${raw.length} bytes; SendGrid documents ${MAX_BYTES} for a whole message. Link to large files instead of attaching them.`;
    found.push({ level: 'error', code: 'too-large', message });
  }
  if (envelope.to.length > MAX_RECIPIENTS) {
    const message = `The message has ${envelope.to.length} recipients; one may have ${MAX_RECIPIENTS}. Use \`sendMerge\`, or \`split: true\`.`;
    found.push({ level: 'error', code: 'too-many-recipients', message });
  }
  const longest = longestLine(raw);
  if (longest > MAX_LINE) {
    const message = `A line has ${longest} characters; SMTP allows ${MAX_LINE}, and relays break longer ones anywhere.`;
    found.push({ level: 'warning', code: 'line-too-long', message });
  }
  return found;
}

function texts(
  _mail: CapturedMail,
  { subject, text, html, files }: ReadMail,
): MailboxFinding[] {
  const found: MailboxFinding[] = [];
  if (subject.trim() === '') {
    const message = 'The subject is empty.';
    found.push({ level: 'warning', code: 'no-subject', message });
  }
  if (html !== undefined && text === undefined) {
    const message =
      'There is no text part. Filters take html alone for a sign of spam, and some readers see nothing: give `text` too.';
    found.push({ level: 'warning', code: 'no-text-part', message });
  }
  if (html === undefined && text === undefined && files.length === 0) {
    const message = 'The message has no content.';
    found.push({ level: 'warning', code: 'no-content', message });
  }
  const bytes = Buffer.byteLength(html ?? '');
  if (bytes > GMAIL_BYTES) {
    const message = `The html has ${bytes} bytes: Gmail cuts it off after ${GMAIL_BYTES}, the link to unsubscribe with it.`;
    found.push({ level: 'warning', code: 'html-clipped', message });
  }
  return found;
}

function unsubscribing(
  { raw }: CapturedMail,
  _read: ReadMail,
  smtpApi: unknown,
): MailboxFinding[] {
  const group: unknown = Reflect.get(Object(smtpApi), 'asm_group_id');
  const header = headerValues(raw, 'list-unsubscribe');
  if (group !== undefined || header.length > 0) return [];
  const message =
    'There is no unsubscribe group (`sendgrid.asm.groupId`) and no List-Unsubscribe header. Receipts and sign-ups need none; mailboxes refuse bulk mail without.';
  return [{ level: 'note', code: 'no-unsubscribe-group', message }];
}

function longestLine(raw: Buffer): number {
  let longest = 0;
  let start = 0;
  for (;;) {
    const end = raw.indexOf('\n', start);
    const stop = end === -1 ? raw.length : end;
    const isCrLf = stop > start && raw[stop - 1] === 0x0d;
    longest = Math.max(longest, stop - start - (isCrLf ? 1 : 0));
    if (end === -1) return longest;
    start = end + 1;
  }
}

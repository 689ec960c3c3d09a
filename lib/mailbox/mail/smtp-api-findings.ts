import { asciiJson } from '../../message/x-smtpapi/ascii-json.js';
import { RESERVED } from '../../message/x-smtpapi/custom-args.js';
import type { MailboxFinding } from './mailbox-message.js';

const MAX_ARGS_OCTETS = 10_000;
const MAX_CATEGORY = 255;
const MAX_AHEAD_S = 72 * 60 * 60;

/** What is odd in an X-SMTPAPI header that SendGrid takes for valid. */
export function smtpApiFindings(smtpApi: unknown): MailboxFinding[] {
  const api = fieldsOf(smtpApi);
  return [
    ...argFindings(fieldsOf(api['unique_args'])),
    ...[api['category'] ?? []].flat().flatMap(categoryFindings),
    ...[api['send_at'] ?? [], api['send_each_at'] ?? []]
      .flat()
      .flatMap(timeFindings)
      .slice(0, 1),
  ];
}

function argFindings(
  args: Readonly<Record<string, unknown>>,
): MailboxFinding[] {
  const lost = Object.keys(args)
    .filter((name) => RESERVED.has(name))
    .map((name): MailboxFinding => ({
      level: 'warning',
      code: 'reserved-argument',
      message: `The custom argument \`${name}\` has a name of SendGrid's own, whose value wins in events. Give it another.`,
    }));
  const octets = asciiJson(args).length;
  if (octets <= MAX_ARGS_OCTETS) return lost;
  const message = `The custom arguments take ${octets} bytes of JSON; SendGrid takes ${MAX_ARGS_OCTETS}.`;
  return [...lost, { level: 'error', code: 'arguments-too-large', message }];
}

function categoryFindings(category: unknown): MailboxFinding[] {
  const text = String(category);
  if (text.length <= MAX_CATEGORY) return [];
  const message = `A category has ${text.length} characters; SendGrid takes ${MAX_CATEGORY}.`;
  return [{ level: 'error', code: 'category-too-long', message }];
}

function timeFindings(second: unknown): MailboxFinding[] {
  if (typeof second !== 'number') return [];
  const ahead = second - Date.now() / 1000;
  if (ahead > MAX_AHEAD_S) {
    const message =
      'It is to be delivered more than 72 hours ahead, which SendGrid does not take.';
    return [{ level: 'error', code: 'send-at-too-far', message }];
  }
  if (ahead <= 0) return [];
  const at = new Date(second * 1000).toISOString();
  const message = `SendGrid holds it until ${at}.`;
  return [{ level: 'note', code: 'scheduled', message }];
}

function fieldsOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value))
    : {};
}

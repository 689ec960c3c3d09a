import { randomBytes } from 'node:crypto';
import { isRecord } from '../../options/is-record.js';
import { headerValues } from '../../message/header-values.js';
import { parseSmtpApi } from '../../message/parse-smtp-api.js';
import type { ReceivedMessage } from './received-message.js';

/** An event as SendGrid posts it. */
export type FakeEvent = Readonly<Record<string, unknown>> & {
  readonly event: string;
};

/** Events that name the Message-ID, by SendGrid's documentation. */
const WITH_SMTP_ID = new Set([
  'processed',
  'dropped',
  'delivered',
  'deferred',
  'bounce',
]);

/** One event of that name for each recipient of a message. */
export function eventsOf(
  message: ReceivedMessage,
  event: string,
  fields: Readonly<Record<string, unknown>>,
): FakeEvent[] {
  const api: object = Object(parseSmtpApi(message.raw));
  const named: unknown = Reflect.get(api, 'to');
  const recipients: readonly unknown[] = Array.isArray(named)
    ? named
    : message.envelope.to;
  const [smtpId = ''] = headerValues(message.raw, 'message-id');
  const shared = {
    timestamp: Math.floor(Date.now() / 1000),
    ...(WITH_SMTP_ID.has(event) && { 'smtp-id': smtpId.trim() }),
    ...categoryIn(api),
    event,
  };
  return recipients.map((recipient, at) =>
    Object.assign(uniqueArgs(api, at), shared, {
      email: addressIn(String(recipient)),
      sg_event_id: randomBytes(24).toString('base64url'),
      sg_message_id: `${message.id}.recvd-5f54b5d587-pczjm-1-67BADEEA-6.${at}`,
      ...fields,
    }),
  );
}

/** A bounce that came long after the delivery: it names the recipient and no message. */
export function lateBounce(
  recipient: string,
  fields: Readonly<Record<string, unknown>>,
): FakeEvent {
  return {
    email: recipient,
    timestamp: Math.floor(Date.now() / 1000),
    event: 'bounce',
    type: 'bounce',
    reason: '550 5.1.1 The account does not exist',
    status: '5.1.1',
    sg_event_id: randomBytes(24).toString('base64url'),
    sg_message_id: '',
    ...fields,
  };
}

function addressIn(recipient: string): string {
  return /<([^<>]*)>\s*$/.exec(recipient)?.[1] ?? recipient;
}

function categoryIn(api: object): object {
  const category: unknown = Reflect.get(api, 'category');
  return category === undefined ? {} : { category };
}

/** Unique arguments are fields of the event, each recipient's own texts put in. */
function uniqueArgs(api: object, at: number): object {
  const args: unknown = Reflect.get(api, 'unique_args');
  const tags: unknown = Reflect.get(api, 'sub');
  const own = Object.entries(isRecord(tags) ? tags : {});
  const entries = Object.entries(isRecord(args) ? args : {});
  return Object.fromEntries(
    entries.map(([name, value]) => [
      name,
      own.reduce(
        (text, [tag, values]) => text.replaceAll(tag, () => textAt(values, at)),
        String(value),
      ),
    ]),
  );
}

function textAt(values: unknown, at: number): string {
  return Array.isArray(values) ? String(values[at] ?? '') : '';
}

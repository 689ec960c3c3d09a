import { Deliveries } from '../../lib/delivery/deliveries.js';
import type { Carrier, OutgoingMail } from '../../lib/delivery/carrier.js';
import type { SendReceipt } from '../../lib/delivery/receipt.js';
import type { Lane } from '../../lib/pool/lane.js';
import { Cancellation } from '../../lib/pool/cancellation.js';
import type { MailEvent } from '../../lib/events/mail-event.js';
import { SILENT, type Log } from '../../lib/options/log.js';
import { resolveOptions } from '../../lib/options/resolve-options.js';
import type { SendGridSmtpOptions } from '../../lib/options/sendgrid-smtp-options.js';
import { tellingOf } from '../../lib/events/telling.js';

/** A composed message of the given size; `n` makes it distinct. */
export function outgoing(
  n: number | string,
  overrides: Partial<OutgoingMail> = {},
): OutgoingMail {
  const messageId = `<${n}@shop.example>`;
  const bytes = Buffer.from(
    `From: hello@shop.example\r\nTo: ada@example.com\r\nSubject: ${n}\r\nMessage-ID: ${messageId}\r\n\r\nHello ${n}\r\n`,
  );
  return {
    messageId,
    sender: 'hello@shop.example',
    envelope: { from: 'hello@shop.example', to: ['ada@example.com'] },
    content: { kind: 'bytes', bytes },
    ...overrides,
  };
}

/** Tries nothing again: what the relay said is told at once. */
const ONCE = { maxAttempts: 1 };

/** Deliveries to a fake relay. */
export function deliveriesTo(
  relay: { readonly options: SendGridSmtpOptions },
  overrides: Partial<SendGridSmtpOptions> = {},
  log: Log = SILENT,
  listener?: (event: MailEvent) => void,
): Deliveries {
  const options = resolveOptions({
    retry: ONCE,
    ...relay.options,
    ...overrides,
  });
  const telling = tellingOf('tests', options, log);
  if (listener !== undefined) telling.events.subscribe({ next: listener });
  return new Deliveries(options, telling);
}

/** How one message is to be sent. */
export interface SendOptions {
  readonly lane?: Lane;
  readonly signal?: AbortSignal;
  readonly timeoutMs?: number;
}

/** Reserves and carries, as the transport does. */
export async function send(
  deliveries: Pick<Carrier, 'reserve' | 'carry'>,
  mail: OutgoingMail,
  { lane = 'normal', signal, timeoutMs }: SendOptions = {},
): Promise<SendReceipt> {
  const limited = signal !== undefined || timeoutMs !== undefined;
  const cancellation = limited
    ? new Cancellation(signal, timeoutMs)
    : undefined;
  const message = { messageId: mail.messageId };
  const submission = { lane, message, cancellation };
  try {
    const reservation = await deliveries.reserve(submission);
    return await deliveries.carry(mail, reservation, cancellation);
  } finally {
    cancellation?.dispose();
  }
}

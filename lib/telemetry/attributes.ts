/**
 * Names of the attributes of spans and metrics: those of OpenTelemetry's
 * messaging conventions, and our own, each under the prefix `sendgrid_smtp.`.
 */
export const ATTRIBUTES = {
  systemName: 'messaging.system.name',
  system: 'messaging.system',
  operationName: 'messaging.operation.name',
  operationType: 'messaging.operation.type',
  destination: 'messaging.destination.name',
  messageId: 'messaging.message.id',
  messageSize: 'messaging.message.envelope.size',
  serverAddress: 'server.address',
  serverPort: 'server.port',
  errorType: 'error.type',
  lane: 'sendgrid_smtp.lane',
  recipients: 'sendgrid_smtp.recipients',
  mailId: 'sendgrid_smtp.mail_id',
  sendGridId: 'sendgrid_smtp.sendgrid_id',
  attempts: 'sendgrid_smtp.attempts',
  accepted: 'sendgrid_smtp.recipients.accepted',
  rejected: 'sendgrid_smtp.recipients.rejected',
  scope: 'sendgrid_smtp.scope',
  deliveryState: 'sendgrid_smtp.delivery_state',
  replyCode: 'sendgrid_smtp.reply.code',
  retryIn: 'sendgrid_smtp.retry_in',
  outcome: 'sendgrid_smtp.outcome',
  connectionState: 'sendgrid_smtp.connection.state',
  reason: 'sendgrid_smtp.reason',
} as const;

/** What every span and every metric of an instance carries. */
export type CommonAttributes = Readonly<Record<string, string | number>>;

/** The attributes of the messaging conventions for an instance. */
export function commonAttributes(
  name: string,
  relay: { readonly host: string; readonly port: number } | undefined,
): CommonAttributes {
  return {
    [ATTRIBUTES.systemName]: 'sendgrid',
    // What it was called before, for backends that know that name only.
    [ATTRIBUTES.system]: 'sendgrid',
    [ATTRIBUTES.destination]: name,
    ...(relay && {
      [ATTRIBUTES.serverAddress]: relay.host,
      [ATTRIBUTES.serverPort]: relay.port,
    }),
  };
}

/** What is added for the one operation there is. */
export const SEND_ATTRIBUTES: CommonAttributes = {
  [ATTRIBUTES.operationName]: 'send',
  [ATTRIBUTES.operationType]: 'send',
};

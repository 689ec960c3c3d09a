const SENDER_IDENTITY_PAGE =
  'https://sendgrid.com/docs/for-developers/sending-email/sender-identity/';

/**
 * What SendGrid's relay says, word for word where a transcript is known. Ready
 * to be used with {@link FakeSendGrid.fail}.
 *
 * SendGrid documents no text for `tooManyConnections`, `sessionCap`,
 * `tooLarge`, `senderSyntax` and `badParameter`; those stand in for them.
 */
export const SENDGRID_REPLIES = {
  greeting: '220 SG ESMTP service ready at geopod-ismtpd-6-0',
  startTls: '220 Begin TLS negotiation now',
  bye: '221 See you later',
  senderAccepted: '250 Sender address accepted',
  recipientAccepted: '250 Recipient address accepted',
  continue: '354 Continue',
  /** Followed by the id. */
  queued: '250 Ok: queued as ',

  /** AUTH: the key is wrong, revoked, or the user is not `apikey`. */
  badKey:
    '535 Authentication failed: The provided authorization grant is invalid, expired, or revoked',
  /** AUTH: the account has used up its credits. */
  creditsExceeded: '451 Authentication failed: Maximum credits exceeded',
  /** AUTH: the address is not allow-listed, or SendGrid's back end is in trouble. */
  couldNotAuthenticate: '451 Authentication failed: Could not authenticate',
  /** After the dot: the account is over its limits. */
  messagingLimits: "451 You've exceeded your messaging limits",
  /** MAIL before AUTH. */
  unauthenticated: '550 Unauthenticated senders not allowed',
  /** After the dot: the From header is not verified. */
  senderIdentity: `550 The from address does not match a verified Sender Identity. Mail cannot be sent until this error is resolved. Visit ${SENDER_IDENTITY_PAGE} to see the Sender Identity requirements`,
  /** RCPT: not an ASCII address. */
  recipientSyntax: '501 Recipient syntax error',
  /** Any time: the client was idle for too long. */
  idle: '421 Timeout waiting for data from client',

  tooManyConnections: '421 Too many concurrent SMTP connections',
  sessionCap: '421 Maximum number of messages per connection reached',
  tooLarge: '552 Message exceeds the maximum message size',
  senderSyntax: '501 Sender syntax error',
  badParameter: '555 Parameter not recognized',
  nestedMail: '503 Sender already specified',
  needMail: '503 Need MAIL command',
  needRecipient: '503 Need RCPT command',
  tlsActive: '503 TLS already active',
  lineTooLong: '500 Line too long',
  heloSyntax: '501 Syntax: EHLO hostname',
} as const;

import { isNegative, isPositive, type Reply } from './reply.js';

/** The replies to one envelope; `data` is absent while DATA was not written. */
export interface EnvelopeReplies {
  readonly mail: Reply;
  readonly recipients: readonly (Reply | undefined)[];
  readonly data: Reply | undefined;
}

/** What the replies to an envelope ask for. */
export type EnvelopeVerdict =
  /** Send the body. */
  | { readonly next: 'body' }
  /** Refused; the next group starts with RSET. */
  | { readonly next: 'reset'; readonly reply: Reply; readonly command: string }
  /** Refused, yet the server waits for a body: end it with nothing in it. */
  | {
      readonly next: 'lone-dot';
      readonly reply: Reply;
      readonly command: string;
      readonly thenClose: boolean;
    }
  /** Refused, and the session cannot be brought back in step. */
  | {
      readonly next: 'destroy';
      readonly reply: Reply;
      readonly command: string;
    }
  /** No reply that RFC 5321 knows here: certainly not sent. */
  | { readonly next: 'protocol-error'; readonly reply: Reply };

const BODY: EnvelopeVerdict = { next: 'body' };

/** Reads the replies to MAIL, RCPT... and DATA as one (RFC 2920 section 3.1). */
export function envelopeVerdict(replies: EnvelopeReplies): EnvelopeVerdict {
  const { mail, recipients, data } = replies;
  if (isWelcome(replies)) return BODY;
  const odd = [mail, ...recipients].find(isOdd);
  if (odd !== undefined) return { next: 'protocol-error', reply: odd };

  const accepted = recipients.some(isAccepted);
  const refusal = refusalOf(mail, recipients, accepted);
  if (data === undefined) {
    const [reply, command] = refusal ?? [mail, 'MAIL FROM'];
    return { next: 'reset', reply, command };
  }
  if (data.code === 354) return onGoAhead(mail, accepted, refusal);
  if (!isNegative(data)) return { next: 'protocol-error', reply: data };
  const [reply, command] = refusal ?? [data, 'DATA'];
  return { next: 'reset', reply, command };
}

/** Whether all went well, as nearly always. */
function isWelcome({ mail, recipients, data }: EnvelopeReplies): boolean {
  return data?.code === 354 && isPositive(mail) && recipients.every(isAccepted);
}

function isAccepted(reply: Reply | undefined): boolean {
  return reply !== undefined && isPositive(reply);
}

function isOdd(reply: Reply | undefined): reply is Reply {
  return reply !== undefined && !isPositive(reply) && !isNegative(reply);
}

type Refusal = readonly [reply: Reply, command: string] | undefined;

function refusalOf(
  mail: Reply,
  recipients: readonly (Reply | undefined)[],
  accepted: boolean,
): Refusal {
  if (isNegative(mail)) return [mail, 'MAIL FROM'];
  if (accepted) return undefined;
  const reply = recipients.find((candidate) => candidate !== undefined);
  return reply === undefined ? undefined : [reply, 'RCPT TO'];
}

function onGoAhead(
  mail: Reply,
  accepted: boolean,
  refusal: Refusal,
): EnvelopeVerdict {
  if (refusal === undefined) return BODY;
  const [reply, command] = refusal;
  // A lone dot with an accepted recipient would deliver an empty mail.
  if (accepted) return { next: 'destroy', reply, command };
  return { next: 'lone-dot', reply, command, thenClose: isNegative(mail) };
}

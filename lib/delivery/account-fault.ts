import type { AccountFault } from '../pool/account-fault.js';
import type { ConnectionError } from '../smtp/connection-error.js';
import { isNegative, type Reply } from '../smtp/reply.js';
import { classifyReply } from './classify-reply.js';
import type { ReplyRule } from './reply-rule.js';

/** The fault of the account that kept a connection from logging in, if it was one. */
export function accountFault(error: ConnectionError): AccountFault | undefined {
  const { stage, reply } = error;
  if (stage !== 'auth' || reply === undefined) return undefined;
  if (!isNegative(reply)) return undefined;
  return faultBehind(reply, classifyReply('auth', reply));
}

/** The fault of the account that a reply tells by its rule, if it tells one. */
export function faultBehind(
  reply: Reply,
  { fault, meaning, advice }: ReplyRule,
): AccountFault | undefined {
  if (fault.kind !== 'account') return undefined;
  return { kind: fault.state, reply, meaning, advice };
}

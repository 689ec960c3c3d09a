import type { AccountFault } from '../pool/account-fault.js';
import type { ConnectionError } from '../smtp/connection-error.js';
import { isNegative } from '../smtp/reply.js';
import { classifyReply } from './classify-reply.js';

/** The fault of the account that kept a connection from logging in, if it was one. */
export function accountFault(error: ConnectionError): AccountFault | undefined {
  const { stage, reply } = error;
  if (stage !== 'auth' || reply === undefined) return undefined;
  if (!isNegative(reply)) return undefined;
  const { fault, meaning, advice } = classifyReply('auth', reply);
  if (fault.kind !== 'account') return undefined;
  return { kind: fault.state, reply, meaning, advice };
}

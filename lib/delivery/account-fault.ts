import type { ConnectionError } from '../smtp/connection-error.js';
import { isNegative, type Reply } from '../smtp/reply.js';
import { classifyReply } from './classify-reply.js';

/** The account itself is at fault: no connection of this key would do better. */
export interface AccountFault {
  /** The key is `refused`, or it may not send for now. */
  readonly kind: 'refused' | 'paused';

  /** What SendGrid said. */
  readonly reply: Reply;

  /** Why SendGrid says so. */
  readonly meaning: string;

  /** What the developer can do about it. */
  readonly advice: string;
}

/** The fault of the account that kept a connection from logging in, if it was one. */
export function accountFault(error: ConnectionError): AccountFault | undefined {
  const { stage, reply } = error;
  if (stage !== 'auth' || reply === undefined) return undefined;
  if (!isNegative(reply)) return undefined;
  const { fault, meaning, advice } = classifyReply('auth', reply);
  if (fault.kind !== 'account') return undefined;
  return { kind: fault.state, reply, meaning, advice };
}

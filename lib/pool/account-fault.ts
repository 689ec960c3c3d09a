import type { ConnectionError } from '../smtp/connection-error.js';
import type { Reply } from '../smtp/reply.js';

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
export type AccountJudge = (error: ConnectionError) => AccountFault | undefined;

import type { Telling } from '../events/telling.js';
import type { ResolvedPoolOptions } from '../options/resolved-options.js';
import type { ConnectionSettings } from '../smtp/smtp-connection.js';
import type { AccountJudge } from './account-fault.js';

/** What a `ConnectionSet` works with. */
export interface ConnectionSetSettings {
  readonly connection: ConnectionSettings;
  readonly pool: ResolvedPoolOptions;
  readonly telling: Telling;
  readonly judge: AccountJudge;
}

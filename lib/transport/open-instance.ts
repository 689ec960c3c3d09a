import { UnknownSends } from '../delivery/unknown-sends.js';
import { tellingOf, tellingOfTenant, type Telling } from '../events/telling.js';
import type { Log } from '../options/log.js';
import type {
  ResolvedOptions,
  ResolvedTenants,
} from '../options/resolved-options.js';
import { CaptureStore } from './capture-store.js';
import { MailInstance } from './mail-instance.js';
import { openLine, type LineSettings } from './open-line.js';
import { Runs } from './runs.js';
import { TenantLines } from './tenant-lines.js';

/** What of an instance's mail is kept. */
export type InstanceSettings = Pick<LineSettings, 'store' | 'keepsSent'>;

/** Makes an instance of that name. Opens no connection yet, unless some are to be kept open. */
export function openInstance(
  options: ResolvedOptions,
  name: string,
  log: Log,
  { store = new CaptureStore(), keepsSent }: InstanceSettings = {},
): MailInstance {
  const runs = new Runs();
  const telling = tellingOf(name, options, log);
  const own = { ...telling, accountFault: () => runs.accountFault(undefined) };
  const { tenants } = options;
  if (tenants === undefined) {
    const line = openLine(options, own, { store, keepsSent });
    return new MailInstance(line, undefined, own, runs);
  }
  // Its own part: no event follows only once the tenants are drained too.
  const part = { ...own, events: telling.events.part(undefined) };
  // With the whole's events: tenants' sends are told as theirs.
  const unknowns = new UnknownSends(telling, options.unknownSends);
  const shared = { store, unknowns, keepsSent };
  const line = openLine(options, part, shared);
  const lines = tenantLines(tenants, telling, shared, options.warnings, runs);
  return new MailInstance(line, lines, telling, runs);
}

function tenantLines(
  { max, of }: ResolvedTenants,
  telling: Telling,
  shared: LineSettings,
  told: readonly string[],
  runs: Runs,
): TenantLines {
  let complained = false;
  return new TenantLines({
    max,
    make: (tenant, onIdle) => {
      const options = of(tenant);
      const part = {
        ...tellingOfTenant(telling, tenant),
        accountFault: () => runs.accountFault(tenant),
      };
      for (const warning of options.warnings) {
        if (!told.includes(warning)) part.log.warn(warning);
      }
      return openLine(options, part, { ...shared, tenant, onIdle });
    },
    crowded: () => {
      if (complained) return;
      complained = true;
      telling.log.warn(
        `More than ${max} tenants have mail under way at once: their pools are kept until it is done. Raise \`maxTenants\` so that connections are reused (told once).`,
      );
    },
  });
}

import type { Log } from '../options/log.js';
import { Masking } from '../options/masking.js';
import { shownTenant } from '../options/tenant-id.js';
import { EventHub } from './event-hub.js';

/** Where the layers below the face tell what happens in one instance. */
export interface Telling {
  readonly log: Log;
  readonly events: EventHub;

  /** Readies texts from elsewhere for the log; events are masked anyway. */
  readonly masking: Masking;

  /** Called whenever the account is found at fault, also by a probe. */
  readonly accountFault?: (() => void) | undefined;
}

/** Makes where an instance of that name tells what happens. */
export function tellingOf(
  instance: string,
  { showRecipients }: { readonly showRecipients: boolean },
  log: Log,
): Telling {
  const masking = new Masking(showRecipients);
  return { log, masking, events: new EventHub(instance, masking, log) };
}

/** Where what concerns one tenant is told: there too, naming the tenant. */
export function tellingOfTenant(whole: Telling, tenant: string): Telling {
  const { log, masking, events } = whole;
  const prefix = `Tenant ${shownTenant(tenant)}: `;
  return {
    masking,
    log: {
      info: (message) => log.info(prefix + message),
      warn: (message) => log.warn(prefix + message),
    },
    events: events.part(tenant),
  };
}

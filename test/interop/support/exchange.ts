import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { Deliveries } from '../../../lib/delivery/deliveries.js';
import type { MailStats } from '../../../lib/delivery/stats.js';
import { send } from '../../support/relay.js';
import type { Sent } from './compare.js';
import type { Sample } from './corpus.js';

/** How sending went. */
export interface Exchange {
  readonly sent: readonly Sent[];
  readonly seconds: number;
  /** Connections that were opened. */
  readonly connections: number;
  /** At the end. */
  readonly stats: MailStats;
}

/** Sends everything at once and waits for every receipt. */
export async function exchange(
  deliveries: Deliveries,
  samples: readonly Sample[],
): Promise<Exchange> {
  let connections = 0;
  const opened = (): void => {
    connections += 1;
  };
  subscribe('net.client.socket', opened);
  try {
    const began = performance.now();
    const sent = await Promise.all(
      samples.map(async (sample) => {
        const receipt = await send(deliveries, sample.mail);
        return { sample, receipt };
      }),
    );
    const seconds = (performance.now() - began) / 1000;
    return { sent, seconds, connections, stats: deliveries.stats() };
  } finally {
    unsubscribe('net.client.socket', opened);
    await deliveries.drain(5000);
  }
}

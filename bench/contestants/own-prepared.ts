import { setTimeout as delay } from 'node:timers/promises';
import { Deliveries } from '../../lib/delivery/deliveries.js';
import type { OutgoingMail } from '../../lib/delivery/carrier.js';
import { SILENT } from '../../lib/options/log.js';
import { resolveOptions } from '../../lib/options/resolve-options.js';
import { FROM, inTurn, preparedMails, recipients } from '../mail.js';
import type { Load, Sender, Target } from './contestant.js';
import { ownOptions } from './own-options.js';

/** This library below its composer: finished messages to verdicts. */
export async function ownPrepared(target: Target, load: Load): Promise<Sender> {
  const deliveries = new Deliveries(resolveOptions(ownOptions(target)), SILENT);
  while (
    target.allOpen === true &&
    deliveries.stats().connections.open < target.connections
  ) {
    await delay(10);
  }
  const envelope = { from: FROM, to: recipients(load.recipients) };
  const mails = preparedMails(load.size).map((bytes, n): OutgoingMail => ({
    messageId: `<prepared-${n}@shop.example>`,
    sender: FROM,
    envelope,
    content: { kind: 'bytes', bytes },
  }));
  return {
    send: async (n) => {
      const reserved = deliveries.reserve('normal');
      const place = reserved instanceof Promise ? await reserved : reserved;
      return deliveries.carry(inTurn(mails, n), place);
    },
    close: () => deliveries.drain(10_000),
  };
}

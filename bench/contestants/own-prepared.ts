import { setTimeout as delay } from 'node:timers/promises';
import { Deliveries } from '../../lib/delivery/deliveries.js';
import type { OutgoingMail } from '../../lib/delivery/carrier.js';
import type { MailEventListener } from '../../lib/events/event-hub.js';
import { tellingOf } from '../../lib/events/telling.js';
import { SILENT } from '../../lib/options/log.js';
import { resolveOptions } from '../../lib/options/resolve-options.js';
import { FROM, inTurn, preparedMails, recipients } from '../mail.js';
import type { Load, Sender, Target } from './contestant.js';
import { ownOptions } from './own-options.js';

/** This library below its composer: finished messages to verdicts. */
export async function ownPrepared(target: Target, load: Load): Promise<Sender> {
  return carrying(target, load, undefined);
}

/** The same, with somebody who listens to its events. */
export async function ownHeard(target: Target, load: Load): Promise<Sender> {
  return carrying(target, load, { next: () => undefined });
}

async function carrying(
  target: Target,
  load: Load,
  listener: MailEventListener | undefined,
): Promise<Sender> {
  const options = resolveOptions(ownOptions(target));
  const telling = tellingOf('bench', options, SILENT);
  if (listener !== undefined) telling.events.subscribe(listener);
  const deliveries = new Deliveries(options, telling);
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
      const reserved = deliveries.reserve({ lane: 'normal', message: {} });
      const place = reserved instanceof Promise ? await reserved : reserved;
      return deliveries.carry(inTurn(mails, n), place);
    },
    close: () => deliveries.drain(10_000),
  };
}

import type { NamedMail } from '../options/unknown-send-store.js';
import type { Reply } from '../smtp/reply.js';

/** Stands for the reply of a relay that took a message, as an event tells. */
export function acceptedBy({ sendGridId }: NamedMail): Reply {
  const queued =
    sendGridId === undefined ? 'Ok' : `Ok: queued as ${sendGridId}`;
  return { code: 250, text: `${queued} (the reply was lost; an event tells)` };
}

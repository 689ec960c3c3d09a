import type { NamedMail } from '../options/unknown-send-store.js';
import type { OutgoingMail } from './carrier.js';

const NONE: readonly NamedMail[] = [];

/** Some names of messages, to be looked up by the message. */
export class NamedMails {
  readonly #all: readonly NamedMail[];
  #byId: ReadonlyMap<string, readonly NamedMail[]> | undefined;

  constructor(all: readonly NamedMail[]) {
    this.#all = all;
  }

  /** Those that name this message. */
  of({ mailId, messageId }: OutgoingMail): readonly NamedMail[] {
    const byId = (this.#byId ??= indexOf(this.#all));
    const byMailId = mailId === undefined ? undefined : byId.get(mailId);
    return byMailId ?? byId.get(messageId) ?? NONE;
  }
}

function indexOf(all: readonly NamedMail[]): Map<string, NamedMail[]> {
  const byId = new Map<string, NamedMail[]>();
  for (const named of all) {
    for (const id of [named.mailId, named.messageId]) {
      if (id === undefined) continue;
      const others = byId.get(id);
      if (others === undefined) byId.set(id, [named]);
      else others.push(named);
    }
  }
  return byId;
}

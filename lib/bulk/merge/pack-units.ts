import { setImmediate as nextTurn } from 'node:timers/promises';
import { isMailError, type MailError } from '../../errors/mail-error.js';
import {
  asInvalidMessage,
  excerpt,
  invalidMessage,
} from '../../message/invalid-message.js';
import { addressedTo } from './addressed-to.js';
import type { Merge } from './merge.js';
import type { MergeRecipients } from './merge-message.js';
import type { MergeRow } from './merge-row.js';
import type { Pack } from './pack.js';
import { PackUnit, type PackEntry } from './pack-unit.js';

/** So many entries end a unit in any case, or those left out could fill the memory. */
const MAX_ENTRIES = 20_000;

/** So many recipients are taken in a row. */
const BURST = 500;

/**
 * Packs recipients, in their order, into as few messages as their limits
 * allow. One pack is held at a time. What was read before the recipients failed
 * still comes.
 */
export async function* packUnits(
  merge: Merge,
  recipients: MergeRecipients,
): AsyncGenerator<PackUnit, undefined> {
  let open = new OpenUnit(merge);
  let index = 0;
  try {
    for await (const recipient of recipients) {
      const row = rowOrRefusal(merge, recipient, index);
      index += 1;
      // Others get their turn: a list never waits.
      if (index % BURST === 0) await nextTurn();
      if (!open.add(row, recipient)) {
        yield open.close();
        open = new OpenUnit(merge);
        open.add(row, recipient);
      }
    }
  } catch (error) {
    if (open.size > 0) yield open.close();
    throw error;
  }
  if (open.size > 0) yield open.close();
  return undefined;
}

/** A unit that takes entries. */
class OpenUnit {
  readonly #merge: Merge;
  readonly #entries: PackEntry[] = [];
  #pack: Pack | undefined;

  constructor(merge: Merge) {
    this.#merge = merge;
  }

  get size(): number {
    return this.#entries.length;
  }

  /** Takes a recipient, unless it is for the next one. */
  add(row: MergeRow | MailError, recipient: unknown): boolean {
    if (this.size >= MAX_ENTRIES) return false;
    if (isMailError(row)) return this.#leaveOut(row, recipient);
    // Made late: the first row completes the tags.
    this.#pack ??= this.#merge.pack();
    if (this.#pack.add(row)) {
      this.#entries.push({ to: row.to.address });
      return true;
    }
    const fitsElsewhere = this.#merge.pack().add(row);
    return !fitsElsewhere && this.#leaveOut(tooLarge(row), recipient);
  }

  close(): PackUnit {
    const pack = this.#pack;
    const message = pack === undefined ? {} : this.#merge.messageOf(pack);
    return new PackUnit(message, this.#entries);
  }

  #leaveOut(refusal: MailError, recipient: unknown): true {
    this.#entries.push({ to: addressedTo(recipient), refusal });
    return true;
  }
}

function rowOrRefusal(
  merge: Merge,
  recipient: unknown,
  index: number,
): MergeRow | MailError {
  try {
    return merge.row(recipient, index);
  } catch (error) {
    return asInvalidMessage(error);
  }
}

function tooLarge({ to }: MergeRow): MailError {
  return invalidMessage(
    `What ${excerpt(to.address)} is to get does not fit into one X-SMTPAPI ` +
      'header: its substitutions, tags included, may take 10,000 bytes of ' +
      'JSON, and its custom arguments as many. A character that is not ASCII ' +
      'takes six.',
  );
}

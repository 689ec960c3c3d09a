import { randomBytes } from 'node:crypto';
import { addresseeText } from '../../message/addressees.js';
import { jsonOctets } from '../../message/x-smtpapi/ascii-json.js';
import type { MergeRow } from './merge-row.js';

/** SendGrid's bound of the substitutions of one recipient, and of its arguments. */
export const MAX_OWN_OCTETS = 10_000;

/** What the packs of one merge have in common. */
export interface PackFrame {
  readonly tags: readonly string[];

  /** The custom arguments of those that have none of their own. */
  readonly commonArgs: ReadonlyMap<string, string>;

  /** How many octets of JSON these take. */
  readonly commonArgsOctets: number;

  readonly maxRecipients: number;

  /** How many octets of JSON the recipients may take in the header. */
  readonly maxOctets: number;
}

// An argument of each recipient's own is written as a tag that nothing else can hold.
const PREFIX_BYTES = 12;
const TAG_OCTETS = '"--"'.length + (PREFIX_BYTES / 3) * 4 + 'zzz'.length;

interface PackSize {
  /** How many arguments are the recipients' own. */
  readonly args: number;

  /** Octets of the names of these arguments with their tags. */
  readonly argNames: number;

  /** Octets of these arguments of one recipient that has none of its own. */
  readonly blanks: number;

  /** Octets of addresses and texts. */
  readonly rows: number;

  /** Octets of the texts of the recipient who has most. */
  readonly largest: number;
}

const NOTHING = { args: 0, argNames: 0, blanks: 0, rows: 0, largest: 0 };

/** One message of a merge in the making. */
export class Pack {
  readonly #frame: PackFrame;
  readonly #rows: MergeRow[] = [];
  readonly #argTags = new Map<string, string>();
  readonly #prefix = randomBytes(PREFIX_BYTES).toString('base64url');
  readonly #tagsOctets: number;
  #size: PackSize = NOTHING;

  constructor(frame: PackFrame) {
    this.#frame = frame;
    this.#tagsOctets = sum(
      frame.tags,
      (tag) => jsonOctets(tag) + ':[],'.length,
    );
  }

  get rows(): readonly MergeRow[] {
    return this.#rows;
  }

  /** Takes one more recipient, unless that is too much. */
  add(row: MergeRow): boolean {
    const names = [...row.args.keys()].filter(
      (name) => !this.#argTags.has(name),
    );
    const size = this.#sizeWith(row, names);
    if (!this.#fits(size)) return false;
    for (const name of names) this.#argTags.set(name, this.#nextTag());
    this.#size = size;
    this.#rows.push(row);
    return true;
  }

  /** The texts of every tag; each recipient sees itself only because there is one. */
  get substitutions(): Record<string, string[]> {
    const columns = this.#frame.tags.map((tag, at): [string, string[]] => [
      tag,
      this.#rows.map(({ texts }) => texts[at] ?? ''),
    ]);
    for (const [name, tag] of this.#argTags) {
      const blank = this.#blank(name);
      columns.push([
        tag,
        this.#rows.map(({ args }) => args.get(name) ?? blank),
      ]);
    }
    if (columns.length === 0) {
      columns.push([this.#nextTag(), this.#rows.map(() => '')]);
    }
    return Object.fromEntries(columns);
  }

  /** The tag of every argument that is a recipient's own. */
  get customArgs(): ReadonlyMap<string, string> {
    return this.#argTags;
  }

  #sizeWith({ to, texts, args }: MergeRow, names: string[]): PackSize {
    const size = this.#size;
    const beyondBlanks = sum(
      args,
      ([name, text]) => jsonOctets(text) - jsonOctets(this.#blank(name)),
    );
    const own = sum(texts, jsonOctets) + beyondBlanks;
    const commas = texts.length + 1;
    return {
      args: size.args + names.length,
      argNames: size.argNames + sum(names, argOctets),
      blanks: size.blanks + sum(names, (name) => this.#blankOctets(name)),
      rows: size.rows + jsonOctets(addresseeText(to)) + own + commas,
      largest: Math.max(size.largest, own),
    };
  }

  #fits({ args, argNames, blanks, rows, largest }: PackSize): boolean {
    const { commonArgsOctets, maxRecipients, maxOctets } = this.#frame;
    const count = this.#rows.length + 1;
    const tags = this.#tagsOctets + args * (TAG_OCTETS + ':[],'.length);
    return (
      count <= maxRecipients &&
      argNames + tags + count * blanks + rows <= maxOctets &&
      tags + blanks + largest <= MAX_OWN_OCTETS &&
      commonArgsOctets + argNames <= MAX_OWN_OCTETS
    );
  }

  #blank(name: string): string {
    return this.#frame.commonArgs.get(name) ?? '';
  }

  #blankOctets(name: string): number {
    return jsonOctets(this.#blank(name)) + ','.length;
  }

  #nextTag(): string {
    const number = this.#argTags.size.toString(36).padStart(3, '0');
    return `-${this.#prefix}${number}-`;
  }
}

function argOctets(name: string): number {
  return jsonOctets(name) + TAG_OCTETS + ':,'.length;
}

function sum<T>(items: Iterable<T>, octets: (item: T) => number): number {
  let total = 0;
  for (const item of items) total += octets(item);
  return total;
}

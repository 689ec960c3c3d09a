import {
  mkdirSync,
  mkdtempSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { afterEach, beforeEach } from 'vitest';

import { fileOpener } from '../../../../lib/message/files/file-opener.js';
import { refusalOf } from '../refusal.js';

/** A directory that messages may name files of, beside one that they may not. */
export class ADirectory {
  #root = '';

  /** Makes one anew for every test of the file. */
  static forEach(): ADirectory {
    const made = new ADirectory();
    beforeEach(() => {
      made.#root = realpathSync(mkdtempSync(join(tmpdir(), 'files-')));
      made.write('allowed/a.txt', 'inside');
      made.write('allowed/sub/b.txt', 'deeper');
      made.write('secret/a.txt', SECRET);
      made.write('allowed-not/a.txt', SECRET);
    });
    afterEach(() => rmSync(made.#root, { recursive: true }));
    return made;
  }

  get allowed(): string {
    return this.at('allowed');
  }

  at(path: string): string {
    return join(this.#root, path);
  }

  write(path: string, content: string): void {
    mkdirSync(dirname(this.at(path)), { recursive: true });
    writeFileSync(this.at(path), content);
  }

  async read(path: unknown, directory = this.allowed): Promise<string> {
    const about = { directory, field: FIELD, maxBytes: 1000 };
    return (await buffer(fileOpener(path, about)())).toString();
  }

  /** The text of the error that reading fails with. */
  async refusal(path: unknown, directory = this.allowed): Promise<string> {
    const { message } = await refusalOf(() => this.read(path, directory));
    if (message.includes(SECRET) || message.includes(this.#root)) {
      throw new Error('The error shows what it must not.');
    }
    return message;
  }
}

export const FIELD = 'attachments[0].path';

/** What nobody may get. */
const SECRET = 'top-secret';

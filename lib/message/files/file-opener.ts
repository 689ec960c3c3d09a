import { close, createReadStream, read } from 'node:fs';
import type { Readable } from 'node:stream';

import { invalidMessage } from '../invalid-message.js';
import { openInside, type NamedFile } from './open-inside.js';

/**
 * Gives a function that opens a file anew whenever it is called. Nothing of
 * the disk is touched before.
 *
 * @throws MailError `INVALID_MESSAGE` for what is no path
 */
export function fileOpener(
  path: unknown,
  about: Omit<NamedFile, 'path'>,
): () => Readable {
  const { field } = about;
  if (typeof path !== 'string' || path.includes('\0')) {
    throw invalidMessage(
      `\`${field}\` must be the path of a file, as a string without NUL.`,
    );
  }
  if (/^file:/i.test(path)) {
    throw invalidMessage(
      `\`${field}\` must be the path of a file, not a \`file:\` URL.`,
    );
  }
  const file = { ...about, path };
  return () =>
    createReadStream(path, { fs: { open: opening(file), read, close } });
}

type Opened = (error: Error | null, fd?: number) => void;

/** What a stream calls, with the callback last, for the descriptor to read. */
function opening(file: NamedFile): (...args: unknown[]) => void {
  return (...args) => {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- as Node documents it for `fs.open`
    const opened = args.at(-1) as Opened;
    openInside(file).then((fd) => opened(null, fd), opened);
  };
}

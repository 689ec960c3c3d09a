import * as fs from 'node:fs';
import { lstat, readlink, realpath } from 'node:fs/promises';
import { isAbsolute, relative, resolve, sep } from 'node:path';
import { promisify } from 'node:util';

import { isMailError } from '../../errors/mail-error.js';
import { invalidMessage, tooLarge } from '../invalid-message.js';

/** A file as a message names it. */
export interface NamedFile {
  /** Absolute path of the directory that the file must be in. */
  readonly directory: string;

  /** As given; a relative one starts from the directory. */
  readonly path: string;

  /** The field of the message, for errors. */
  readonly field: string;
  readonly maxBytes: number;
}

const open = promisify(fs.open);
const close = promisify(fs.close);
const fstat = promisify(fs.fstat);

const { O_RDONLY, O_NOFOLLOW, O_NONBLOCK, O_NOCTTY } = fs.constants;

// Nothing but a regular file is opened; these are for one that was just swapped.
const FLAGS = O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY;

/**
 * Opens a regular file that lies in the directory, whichever way leads to it,
 * and proves that what was opened is that file.
 *
 * @throws MailError `INVALID_MESSAGE` naming the field
 */
export async function openInside(file: NamedFile): Promise<number> {
  try {
    const path = await pathInside(file);
    const fd = await open(path, FLAGS);
    try {
      await prove(fd, path, file);
      return fd;
    } catch (error) {
      await close(fd);
      throw error;
    }
  } catch (cause) {
    throw isMailError(cause) ? cause : unreadable(file.field, cause);
  }
}

/** The real path of the file, without any link in it. */
async function pathInside({
  directory,
  path,
  field,
}: NamedFile): Promise<string> {
  const root = await realpath(directory);
  const asked = resolve(directory, path);
  // Before the disk is asked, whose answer would tell what there is elsewhere.
  if (!holds(directory, asked) && !holds(root, asked)) throw outside(field);
  const real = await realpath(asked);
  if (!holds(root, real)) throw outside(field);
  const stats = await lstat(real);
  if (!stats.isFile()) throw notRegular(field);
  return real;
}

/** Whoever may write to the directory could have swapped a part of the path meanwhile. */
async function prove(
  fd: number,
  path: string,
  { field, maxBytes }: NamedFile,
): Promise<void> {
  const opened = await fstat(fd, { bigint: true });
  const real = await realpath(path);
  const there = await lstat(path, { bigint: true });
  // Linux tells for sure; elsewhere there is no such link.
  const link = await readlink(`/proc/self/fd/${fd}`).catch(() => path);
  const isThat = opened.dev === there.dev && opened.ino === there.ino;
  if (!isThat || real !== path || link !== path) throw swapped(field);
  if (!opened.isFile()) throw notRegular(field);
  if (opened.size > maxBytes) throw tooLarge(maxBytes);
}

function holds(directory: string, path: string): boolean {
  const way = relative(directory, path);
  return way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way);
}

function outside(field: string): Error {
  return invalidMessage(
    `\`${field}\` points out of the directory of \`attachments.allowFiles\`. ` +
      'Give the path of a file in it.',
  );
}

function notRegular(field: string): Error {
  return invalidMessage(
    `\`${field}\` points to something that is not a regular file.`,
  );
}

function swapped(field: string): Error {
  return invalidMessage(
    `\`${field}\` points to a file that was replaced while it was being ` +
      'opened. Send the message again.',
  );
}

function unreadable(field: string, cause: unknown): Error {
  const code: unknown = Reflect.get(Object(cause), 'code');
  return invalidMessage(
    `\`${field}\` points to a file that cannot be read (${String(code)}).`,
    { cause },
  );
}

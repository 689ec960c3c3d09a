import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { RunningServer } from './mail-server.js';

const DELIVERY_MS = 90_000;

/** One copy of a message as the server has delivered it. */
export interface StoredMail {
  /** Local part of the recipient. */
  readonly mailbox: string;
  /** With LF as line end, one byte a character. */
  readonly text: string;
}

/** Waits until the server's queue is empty, then takes what it has delivered. */
export async function collectMail(
  server: RunningServer,
): Promise<StoredMail[]> {
  await server.flush?.();
  await emptyQueue(server.queueFolders);
  const stored: StoredMail[] = [];
  for (const mailbox of await readdir(server.mailFolder)) {
    const folder = join(server.mailFolder, mailbox);
    for (const file of await files(folder)) {
      const text = await readFile(file, 'latin1');
      stored.push({ mailbox, text: text.replaceAll('\r\n', '\n') });
    }
    await rm(folder, { recursive: true });
  }
  return stored;
}

async function emptyQueue(folders: readonly string[]): Promise<void> {
  const giveUpAt = performance.now() + DELIVERY_MS;
  for (;;) {
    const waiting: string[] = [];
    for (const folder of folders) waiting.push(...(await files(folder)));
    if (waiting.length === 0) return;
    if (performance.now() > giveUpAt) {
      throw new Error(`The server has not delivered ${waiting.length} files`);
    }
    await sleep(100);
  }
}

/** Every file below a folder; a server at work removes folders meanwhile. */
async function files(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(ifGone);
  const found: string[] = [];
  for (const entry of entries) {
    const path = join(folder, entry.name);
    if (entry.isFile()) found.push(path);
    else if (entry.isDirectory()) found.push(...(await files(path)));
  }
  return found;
}

function ifGone(error: NodeJS.ErrnoException): [] {
  if (error.code === 'ENOENT') return [];
  throw error;
}

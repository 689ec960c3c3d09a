import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { seededRandom } from '../seeded-random.js';
import type { SunkBody } from './sink-server.js';

/** Of a length that puts the borders of chunks everywhere in turn. */
const BLOCK = 9973;

/** What makes line ends and leading dots awkward, most of it text. */
const PIECES = ['\r\n', '\n', '\r', '.', '..', '\r\n.', '\n.', '\r.', '\r\r\n'];

const TAIL = 'no line end\r';

/**
 * Writes a file of at least that size, full of bare line feeds, bare carriage
 * returns and lines that start with dots.
 *
 * @returns what a server has to receive for it
 */
export async function writeAwkwardFile(
  path: string,
  bytes: number,
  seed: number,
): Promise<SunkBody> {
  const block = awkwardBlock(seededRandom(seed));
  const wire = wireOf(block);
  const hash = createHash('sha256');
  const file = createWriteStream(path);
  let sunk = 0;
  for (let written = 0; written < bytes; written += block.length) {
    if (!file.write(block)) await once(file, 'drain');
    hash.update(wire);
    sunk += wire.length;
  }
  file.end(TAIL);
  await once(file, 'close');
  const tail = wireOf(Buffer.from(TAIL));
  const sha256 = hash.update(tail).digest('hex');
  return { bytes: sunk + tail.length, sha256 };
}

/** Begins and ends with a line, so that blocks can stand one after another. */
function awkwardBlock(random: () => number): Buffer {
  let text = '';
  while (text.length < BLOCK - 2) {
    const piece = PIECES[Math.floor(random() * PIECES.length)] ?? '';
    text += random() < 0.2 ? piece : 'text of a line '.slice(random() * 15);
  }
  return Buffer.from(`${text.slice(0, BLOCK - 2).replace(/\r$/, 'r')}\r\n`);
}

/** As RFC 5321 section 4.5.2 has it, by other means than the library's. */
function wireOf(block: Buffer): Buffer {
  const lines = block.toString('latin1').split(/\r\n|\r|\n/);
  const stuffed = lines.map((line) =>
    line.startsWith('.') ? `.${line}` : line,
  );
  return Buffer.from(stuffed.join('\r\n'), 'latin1');
}

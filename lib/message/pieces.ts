/** A stretch of a message in wire format. */
export type Piece = string | Buffer;

/** Joins the pieces of a message and ends it with a line end. */
export function joinMessage(pieces: readonly Piece[]): Buffer {
  return endWithNewline(join(pieces));
}

function join(pieces: readonly Piece[]): Buffer {
  let size = 0;
  for (const piece of pieces) size += Buffer.byteLength(piece);
  const bytes = Buffer.allocUnsafe(size);
  let at = 0;
  for (const piece of pieces) {
    if (typeof piece === 'string') at += bytes.write(piece, at);
    else {
      bytes.set(piece, at);
      at += piece.length;
    }
  }
  return bytes;
}

function endWithNewline(bytes: Buffer): Buffer {
  const last = bytes.at(-1);
  if (last === 0x0a) return bytes;
  return Buffer.concat([bytes, Buffer.from(last === 0x0d ? '\n' : '\r\n')]);
}

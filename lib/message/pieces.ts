/** A stretch of a message in wire format. */
export type Piece = string | Buffer;

/** Joins the pieces of a message and ends it with a line end. */
export function joinMessage(pieces: readonly Piece[]): Buffer {
  return endWithNewline(join(pieces));
}

function join(pieces: readonly Piece[]): Buffer {
  if (pieces.every((piece) => typeof piece === 'string')) {
    return Buffer.from(pieces.join(''));
  }
  return Buffer.concat(
    pieces.map((piece) =>
      typeof piece === 'string' ? Buffer.from(piece) : piece,
    ),
  );
}

function endWithNewline(bytes: Buffer): Buffer {
  const last = bytes.at(-1);
  if (last === 0x0a) return bytes;
  return Buffer.concat([bytes, Buffer.from(last === 0x0d ? '\n' : '\r\n')]);
}

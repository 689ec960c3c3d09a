import * as qp from 'nodemailer/lib/qp';

const LINE_LENGTH = 76;

/** Where a line may break: nodemailer looks at the last third of it. */
const MARGIN = 25;

const LF = 10;
const SOFT_BREAK = '=\r\n';

// By code: a set of them takes longer than the rest of the search.
const BREAKS = new Uint8Array(128);
for (const code of Buffer.from(' \t.,!?')) BREAKS[code] = 1;

/**
 * Breaks quoted-printable text without CR into lines where nodemailer's
 * `wrap` does, without a string and several matches for each line. Leaves the
 * rest to it once a word is longer than the margin.
 */
export function wrapPlain(text: string): string {
  const { length } = text;
  if (length <= LINE_LENGTH) return text;
  const lines: string[] = [];
  let from = 0;
  let at = 0;
  while (length - at > LINE_LENGTH - MARGIN) {
    const end = Math.min(at + LINE_LENGTH, length);
    const cut = lastBreak(text, end - MARGIN, end);
    if (cut === undefined && end < length) {
      const rest = text.slice(from, at) + qp.wrap(text.slice(at));
      return [...lines, rest].join(SOFT_BREAK);
    }
    if (cut === undefined || cut === length) break;
    at = cut;
    if (text.charCodeAt(cut - 1) === LF) continue;
    // The soft break needs a column.
    if (cut === end) at -= 1;
    lines.push(text.slice(from, at));
    from = at;
  }
  lines.push(text.slice(from));
  return lines.join(SOFT_BREAK);
}

/** Behind the last line end of a stretch, else behind the last other break. */
function lastBreak(text: string, from: number, to: number): number | undefined {
  let cut: number | undefined;
  for (let at = to - 1; at >= from; at -= 1) {
    const code = text.charCodeAt(at);
    if (code === LF) return at + 1;
    if (cut === undefined && BREAKS[code] === 1) cut = at + 1;
  }
  return cut;
}

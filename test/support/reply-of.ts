import type { Reply } from '../../lib/smtp/reply.js';

/** The reply that a server sends as this line. */
export function replyOf(line: string): Reply {
  return { code: Number(line.slice(0, 3)), text: line.slice(4) };
}

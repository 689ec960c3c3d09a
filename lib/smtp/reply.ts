import type { ReplyInfo } from '../errors/reply-info.js';

/** A complete reply of the server (RFC 5321 section 4.2). */
export type Reply = ReplyInfo;

/** 2yz: done. */
export function isPositive(reply: Reply): boolean {
  return reply.code >= 200 && reply.code < 300;
}

/** 4yz or 5yz: refused. */
export function isNegative(reply: Reply): boolean {
  return reply.code >= 400;
}

/** A reply as one line, for messages and logs. */
export function replyLine(reply: Reply): string {
  return `${reply.code} ${reply.text.replaceAll('\n', ' ')}`.trimEnd();
}

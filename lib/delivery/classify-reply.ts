import type { Reply } from '../smtp/reply.js';
import { FINAL_REFUSAL } from './other-replies.js';
import type { ReplyPhase } from './reply-phase.js';
import { applies, type ReplyRule } from './reply-rule.js';
import { REPLY_TABLE } from './reply-table.js';

/** Tells what a refusal means and what follows from it. */
export function classifyReply(phase: ReplyPhase, reply: Reply): ReplyRule {
  for (const rule of REPLY_TABLE) {
    if (applies(rule, phase, reply)) return rule;
  }
  return FINAL_REFUSAL;
}

import { KNOWN_REPLIES } from './known-replies.js';
import { OTHER_REPLIES } from './other-replies.js';
import type { ReplyRule } from './reply-rule.js';

/**
 * All that is known of SendGrid's refusals. The first rule that applies holds:
 * texts come before codes.
 */
export const REPLY_TABLE: readonly ReplyRule[] = [
  ...KNOWN_REPLIES,
  ...OTHER_REPLIES,
];

import type { Reply } from '../smtp/reply.js';
import type { ReplyPhase } from './reply-phase.js';

/** What a refusal is about, and so whom else it concerns. */
export type ReplyFault =
  | { readonly kind: 'message' | 'recipient' | 'sender' | 'connection' }
  /** Every message of this key: it is `refused`, or may not send for now. */
  | { readonly kind: 'account'; readonly state: 'refused' | 'paused' };

/** One code, or all codes that begin with its digit. */
type ReplyCodes = number | '4xx' | '5xx';

/** What a refusal means, and what follows from it. */
export interface ReplyRule {
  /** A reply that the rule is for, word for word where one is known. */
  readonly example: string;

  readonly phases: readonly ReplyPhase[];
  readonly codes: readonly ReplyCodes[];

  /** What the text says; any text when absent. */
  readonly pattern?: RegExp;

  readonly fault: ReplyFault;

  /** Whether the same message may succeed later, with nothing changed here. */
  readonly retryable: boolean;

  /** Why SendGrid says so. */
  readonly meaning: string;

  /** What the library does about it. */
  readonly does: string;

  /** What the developer can do about it. */
  readonly advice: string;
}

/** Whether a rule is for this reply. */
export function applies(
  { phases, codes, pattern }: ReplyRule,
  phase: ReplyPhase,
  { code, text }: Reply,
): boolean {
  const known = codes.includes(code) || codes.includes(classOf(code));
  if (!known || !phases.includes(phase)) return false;
  return pattern === undefined || pattern.test(text);
}

function classOf(code: number): '4xx' | '5xx' {
  return code < 500 ? '4xx' : '5xx';
}

// Servers may wrap a text over lines, each with an enhanced code of its own.
const GAP = String.raw`\s+(?:\d\.\d{1,3}\.\d{1,3}\s+)?`;

/** Finds a phrase in a reply's text, in any letter case. */
export function phrase(words: string): RegExp {
  return new RegExp(words.split(' ').join(GAP), 'i');
}

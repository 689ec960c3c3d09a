import type { TestMail } from './mail-facts.js';

/** Where mail is looked for: what was captured, a fake relay, or a list. */
export type MailSource =
  | {
      /** The messages. */
      sent(): readonly TestMail[];
    }
  | { readonly messages: readonly TestMail[] }
  | readonly TestMail[];

/**
 * The messages of a source.
 *
 * @throws TypeError for what is none
 */
export function mailsOf(source: MailSource): readonly TestMail[] {
  // Whatever was given to `expect`.
  const given: unknown = source;
  if (typeof given === 'object' && given !== null) {
    if (isList(source)) return source;
    if ('sent' in source) return source.sent();
    if ('messages' in source) return source.messages;
  }
  throw new TypeError(
    'Mail is looked for in what overrideMail or capturedMail returned, in a FakeSendGrid, or in a list of messages.',
  );
}

function isList(source: MailSource): source is readonly TestMail[] {
  return Array.isArray(source);
}

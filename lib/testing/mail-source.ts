import type { TestMail } from './mail-facts.js';

/** Where mail is looked for: what was captured, a fake relay, or a list. */
export type MailSource<Mail extends TestMail = TestMail> =
  | {
      /** The messages. */
      sent(): readonly Mail[];
    }
  | { readonly messages: readonly Mail[] }
  | readonly Mail[];

/**
 * The messages of a source.
 *
 * @throws TypeError for what is none
 */
export function mailsOf<Mail extends TestMail>(
  source: MailSource<Mail>,
): readonly Mail[] {
  // Whatever was given to `expect`.
  const given: unknown = source;
  if (typeof given === 'object' && given !== null) {
    if ('sent' in source) return source.sent();
    if ('messages' in source) return source.messages;
    if (Array.isArray(source)) return source;
  }
  throw new TypeError(
    'Mail is looked for in what overrideMail or capturedMail returned, in a FakeSendGrid, or in a list of messages.',
  );
}

/** A matcher such as `expect.stringContaining('a')` of vitest and jest. */
export interface AsymmetricMatcher {
  /** Whether a value matches. */
  asymmetricMatch(value: unknown): boolean;
}

/**
 * What a text is compared with: itself, a pattern, a matcher of the test
 * framework (`expect.stringContaining('a')`), or a function that tells.
 */
export type TextQuery =
  string | RegExp | AsymmetricMatcher | ((text: string) => boolean);

/** What a message is looked for by; all that is named must match. */
export interface MailQuery {
  /**
   * Who gets the message, in `to`, `cc` or `bcc` or over X-SMTPAPI; of a list
   * every one. Strings are whole addresses, in any case.
   */
  readonly to?: TextQuery | readonly TextQuery[] | undefined;

  /** The address of the sender, in any case. */
  readonly from?: TextQuery | undefined;

  /** The whole subject. */
  readonly subject?: TextQuery | undefined;

  /** The plain text; a string is looked for in it. */
  readonly text?: TextQuery | undefined;

  /** The HTML; a string is looked for in it. */
  readonly html?: TextQuery | undefined;

  /** Headers by name, as sent but without folds. */
  readonly headers?: Readonly<Record<string, TextQuery>> | undefined;

  /** Names of attached files; of a list every one. */
  readonly attachments?: TextQuery | readonly TextQuery[] | undefined;

  /** `sendgrid.categories`; of a list every one. */
  readonly categories?: TextQuery | readonly TextQuery[] | undefined;

  /** `sendgrid.customArgs`, by name. */
  readonly customArgs?: Readonly<Record<string, TextQuery>> | undefined;

  /** The tenant that it was sent for. */
  readonly tenant?: TextQuery | undefined;
}

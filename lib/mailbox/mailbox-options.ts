/** What a mailbox does, known at bootstrap. */
export interface MailboxOptions {
  /**
   * Whether mail is sent as well as shown. Without it no instance sends
   * anything: each works as in mode `capture` and needs no `apiKey`.
   *
   * @defaultValue `false`
   */
  readonly deliver?: boolean | undefined;

  /**
   * Names of the mail instances that are shown. The others send as ever.
   *
   * @defaultValue every instance of the application
   */
  readonly instances?: readonly string[] | undefined;

  /**
   * Whether clients of other machines are answered, by IP address or under one
   * of `allowedHosts`. Give a `guard` then.
   *
   * @defaultValue `false`
   */
  readonly allowRemote?: boolean | undefined;

  /**
   * Names that requests may come under, besides those of this machine
   * (`localhost` and its IP addresses). Any other is refused, since it may
   * have been pointed here by somebody else.
   *
   * @defaultValue `[]`
   */
  readonly allowedHosts?: readonly string[] | undefined;

  /**
   * Messages kept of each instance, 1 to 10,000; the oldest go first.
   *
   * @defaultValue 500
   */
  readonly maxMessages?: number | undefined;

  /**
   * Bytes of messages kept of each instance; the oldest go first, the newest
   * stays in any case.
   *
   * @defaultValue 67108864
   */
  readonly maxBytes?: number | undefined;
}

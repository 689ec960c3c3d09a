/** What every event of an instance carries. */
export interface MailEventBase {
  /** What happened. */
  readonly type: string;

  /** The name of the instance; `transport` for a `SendGridTransport` without Nest. */
  readonly instance: string;

  /** The id of the tenant it happened to, if it did to one of a tenant's. */
  readonly tenant?: string | undefined;

  /** When it happened, in milliseconds since 1970. */
  readonly at: number;
}

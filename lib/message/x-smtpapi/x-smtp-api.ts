/** The settings of one of SendGrid's filters; on and off are 1 and 0. */
interface XSmtpApiFilter {
  readonly settings: Readonly<Record<string, string | number | boolean>>;
}

/** Filters by name. */
export type XSmtpApiFilters = Readonly<Record<string, XSmtpApiFilter>>;

/** What SendGrid reads from an X-SMTPAPI header, under its names. */
export interface XSmtpApi {
  /** Recipients that get a message each, instead of the envelope's. */
  readonly to?: readonly string[] | undefined;

  /** Tags, each with the text that replaces it for each of `to`. */
  readonly sub?: Readonly<Record<string, readonly string[]>> | undefined;

  readonly category?: string | readonly string[] | undefined;
  readonly unique_args?: Readonly<Record<string, string>> | undefined;
  readonly filters?: XSmtpApiFilters | undefined;
  readonly asm_group_id?: number | undefined;
  readonly asm_groups_to_display?: readonly number[] | undefined;

  /** Seconds since 1970; `send_each_at` has one for each of `to` instead. */
  readonly send_at?: number | undefined;

  readonly send_each_at?: readonly number[] | undefined;
  readonly batch_id?: string | undefined;
  readonly ip_pool?: string | undefined;
}

import { invalidMessage } from '../../message/invalid-message.js';
import {
  admitRun,
  type AdmittedRun,
  type SendManyOptions,
} from '../send-many-options.js';

/** What `MailService.sendMerge` takes next to the message. */
export interface SendMergeOptions extends Omit<
  SendManyOptions,
  'concurrency' | 'split'
> {
  /**
   * How many messages, of up to `recipientsPerMessage` recipients each, may be
   * under way at once. No more are made while as many outcomes have ended and
   * were not read. Of 1 or more.
   *
   * @defaultValue 20
   */
  readonly concurrency?: number | undefined;

  /**
   * How many recipients go into one SMTP message: 1 to 10,000, which is the
   * most that SendGrid takes; it recommends 1,000.
   *
   * @defaultValue 1000
   */
  readonly recipientsPerMessage?: number | undefined;

  /**
   * How large the X-SMTPAPI header of one message may become, in bytes: 10,000
   * to 4,000,000. Lower it for a relay in between that cuts long headers;
   * Postfix does above 102,400 unless told otherwise.
   *
   * @defaultValue 4000000
   */
  readonly maxHeaderBytes?: number | undefined;

  /**
   * Whether substitutions go out as they are, rather than with their HTML
   * escaped: `true`, or a list of the tags that this is for. Of use for values
   * that are HTML, and for tags that stand in the subject or the plain text
   * only, where `&amp;` would be read as such.
   *
   * @defaultValue false
   */
  readonly raw?: boolean | readonly string[] | undefined;
}

/** The options of a merge, with every default applied. */
export interface AdmittedMergeRun {
  readonly run: AdmittedRun;
  readonly limits: MergeLimits;
  readonly raw: boolean | readonly string[];
}

/** What one message of a merge is held to. */
export interface MergeLimits {
  readonly recipientsPerMessage: number;
  readonly maxHeaderBytes: number;
}

/**
 * Checks the options of a merge.
 *
 * @throws MailError `INVALID_MESSAGE`
 */
export function admitMergeRun(options: SendMergeOptions): AdmittedMergeRun {
  const {
    recipientsPerMessage = 1000,
    maxHeaderBytes = 4_000_000,
    raw = false,
    concurrency = 20,
    ...others
    // Untyped callers may give null.
  } = options ?? {};
  admitRange('recipientsPerMessage', recipientsPerMessage, 1, 10_000);
  admitRange('maxHeaderBytes', maxHeaderBytes, 10_000, 4_000_000);
  const isRaw = typeof raw === 'boolean' || Array.isArray(raw);
  if (!isRaw)
    throw invalidMessage('`raw` must be a boolean or a list of tags.');
  return {
    run: admitRun({ ...others, concurrency }),
    limits: { recipientsPerMessage, maxHeaderBytes },
    raw,
  };
}

function admitRange(
  name: string,
  value: number,
  least: number,
  most: number,
): void {
  if (Number.isSafeInteger(value) && value >= least && value <= most) return;
  throw invalidMessage(
    `\`${name}\` must be a whole number from ${least} to ${most}.`,
  );
}

import { InvalidOptionsError } from '../errors/invalid-options.error.js';
import { isRecord } from '../options/is-record.js';

const NODEMAILERS = ['defaults', 'plugins', 'dkim', 'verifyOnStart'];

/**
 * Refuses options that only the module knows. The types leave them out;
 * untyped callers would not notice that they do nothing.
 *
 * @throws InvalidOptionsError naming who takes them
 */
export function ownOptions(options: unknown): unknown {
  if (!isRecord(options)) return options;
  const foreign = NODEMAILERS.filter((name) => Object.hasOwn(options, name));
  if (foreign.length === 0) return options;
  throw new InvalidOptionsError(
    foreign.map((option) => ({
      option,
      problem:
        'does nothing here: give defaults to `nodemailer.createTransport`, plugins to `mailer.use` and DKIM options to each message',
    })),
  );
}

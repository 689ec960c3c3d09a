import { isMailError, type MailError } from '../../../lib/errors/mail-error.js';

/** The `INVALID_MESSAGE` that an action fails with; throws when it does not. */
export async function refusalOf(action: () => unknown): Promise<MailError> {
  try {
    await action();
  } catch (error) {
    if (isMailError(error) && error.code === 'INVALID_MESSAGE') return error;
    throw error;
  }
  throw new Error('nothing was refused');
}

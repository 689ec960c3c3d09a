import { describe, expect, it, vi } from 'vitest';

import { isMailError, MailError } from '../../../lib/errors/mail-error.js';

describe('a mail error', () => {
  it('is recognised when another copy of the package made it', async () => {
    vi.resetModules();
    const other = await import('../../../lib/errors/mail-error.js');
    const error: unknown = new other.MailError('REJECTED', 'no');

    expect(other.MailError).not.toBe(MailError);
    expect(isMailError(error)).toBe(true);
    expect(error).toBeInstanceOf(MailError);
  });

  it.each([undefined, null, 'REJECTED', {}, new Error('REJECTED')])(
    'is not %s',
    (value) => {
      expect(isMailError(value)).toBe(false);
      expect(value instanceof MailError).toBe(false);
    },
  );

  it('carries the reply under the names of nodemailer, too', () => {
    const reply = { code: 550, text: 'no such user' };
    const error = new MailError('REJECTED', 'refused', {
      reply,
      command: 'RCPT TO',
    });

    expect(error).toMatchObject({
      name: 'MailError',
      reply,
      responseCode: 550,
      response: '550 no such user',
      command: 'RCPT TO',
      scope: 'message',
      retryable: false,
      deliveryState: 'not-sent',
    });
  });
});

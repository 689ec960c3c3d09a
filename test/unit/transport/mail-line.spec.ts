import { describe, expect, it } from 'vitest';

import { openLine } from '../../../lib/transport/open-line.js';
import type { MailLine } from '../../../lib/transport/mail-line.js';
import { SendTicket } from '../../../lib/transport/send-ticket.js';
import type { SendGridSmtpOptions } from '../../../lib/options/sendgrid-smtp-options.js';
import { resolveOptions } from '../../../lib/options/resolve-options.js';
import { outgoing } from '../../support/relay.js';
import { telling } from '../../support/telling.js';

const REDIRECT = { to: 'qa@staging.example', except: ['team.example'] };

function lineWith(options: SendGridSmtpOptions): MailLine {
  return openLine(resolveOptions({ mode: 'capture', ...options }), telling());
}

async function carry(
  line: MailLine,
  to: string[],
  addressees?: string[],
): Promise<unknown> {
  const ticket = new SendTicket(
    await line.carrier.reserve({ lane: 'normal', message: {} }),
  );
  const envelope = { from: 'hello@shop.example', to };
  return line.carry(outgoing(1, { envelope, addressees }), {}, ticket);
}

describe('MailLine', () => {
  it.each([
    [['ada@example.com']],
    [['qa@staging.example', 'ada@example.com']],
    [['ann@team.example', 'ada@sub.team.example']],
  ])('lets nobody pass whom `redirect` has not reached: %j', async (to) => {
    const line = lineWith({ redirect: REDIRECT });

    await expect(carry(line, to)).rejects.toMatchObject({
      code: 'INVALID_MESSAGE',
      message: expect.stringContaining('`redirect` did not reach'),
    });
    expect(line.carrier.stats().totals.accepted).toBe(0);
  });

  it('looks at those whom the X-SMTPAPI header names, too', async () => {
    const line = lineWith({ redirect: REDIRECT });
    const target = 'qa@staging.example';

    await expect(
      carry(line, [target], [target, 'ada@example.com']),
    ).rejects.toMatchObject({ code: 'INVALID_MESSAGE' });
    await expect(
      carry(line, [target], [target, 'ann@team.example']),
    ).resolves.toMatchObject({ accepted: [target, 'ann@team.example'] });
  });

  it('lets its target and the excepted pass', async () => {
    const line = lineWith({ redirect: REDIRECT });

    await expect(
      carry(line, ['qa@staging.example', 'ann@team.example']),
    ).resolves.toMatchObject({ rejected: [] });
  });
});

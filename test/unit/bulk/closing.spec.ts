import { describe, expect, it } from 'vitest';

import { MailService } from '../../../lib/mail.service.js';
import type { MailMessage } from '../../../lib/message/mail-message.js';
import { SILENT } from '../../../lib/options/log.js';
import { resolveOptions } from '../../../lib/options/resolve-options.js';
import type { MailInstance } from '../../../lib/transport/mail-instance.js';
import { openInstance } from '../../../lib/transport/open-instance.js';

const MESSAGE = { to: 'ada@example.net', subject: 'Hello', text: 'Hi' };

function start(): { instance: MailInstance; mail: MailService } {
  const resolved = resolveOptions({
    mode: 'discard',
    tenants: () => ({}),
    defaults: { from: 'shop@shop.example' },
  });
  const instance = openInstance(resolved, 'tests', SILENT);
  return { instance, mail: new MailService(instance) };
}

function* endless(): Generator<MailMessage> {
  for (;;) yield MESSAGE;
}

describe('the clock of the shutdown', () => {
  it('stops runs when it starts, and `send` works on', async () => {
    const { instance, mail } = start();
    const runs = [mail, mail.forTenant('acme')].map((one) =>
      Promise.resolve(one.sendMany(endless())),
    );
    await new Promise(setImmediate);
    instance.beginShutdown(60_000);

    for (const { stopped, notSent, accepted } of await Promise.all(runs)) {
      expect(stopped).toEqual({ reason: 'shutdown' });
      expect(accepted).toBeGreaterThan(0);
      expect(notSent).toBe(0);
    }
    const { accepted } = await mail.send(MESSAGE);
    expect(accepted).toHaveLength(1);
    const late = await mail.forTenant('acme').sendMany(endless());
    expect(late).toMatchObject({ settled: 0, stopped: { reason: 'shutdown' } });
    await instance.drain(1000);
  });

  it('does not end sooner for runs', async () => {
    const { instance, mail } = start();
    mail.pause('test');
    const run = mail.sendMany(endless(), { concurrency: 3 });
    const totals = Promise.resolve(run);
    await new Promise(setImmediate);
    mail.resume();
    instance.beginShutdown(60_000);

    expect(await totals).toMatchObject({ notSent: 0, lowWatermark: 2 });
    await instance.drain(1000);
  });
});

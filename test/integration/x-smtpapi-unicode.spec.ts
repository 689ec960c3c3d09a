import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { SendGridSmtpModuleOptions } from 'nestjs-sendgrid-smtp';
import {
  fieldsToEach,
  fieldsToOne,
} from '../unit/message/x-smtpapi/sendgrid-fields.arbitrary.js';
import { recordLogs } from './support/recording-logger.js';
import { RelayedApp } from './support/relayed-app.js';

const SEED = Number(process.env['SEED'] ?? Date.now() % 1_000_000);
console.info(`seed ${SEED} (set SEED to repeat)`);

const site = new RelayedApp(recordLogs(), {
  defaults: { from: 'Shop <shop@example.com>' },
  correlation: false,
});

const WAYS: [string, SendGridSmtpModuleOptions][] = [
  ['composed at once', {}],
  [
    'composed by nodemailer',
    { plugins: [{ step: 'compile', plugin: (_mail, done) => done() }] },
  ],
];

describe('SendGrid reads what was given, whatever its letters', () => {
  it.each(WAYS)('%s', { timeout: 60_000 }, async (_way, options) => {
    const mail = await site.start(options);

    await fc.assert(
      fc.asyncProperty(
        fc.oneof(fieldsToEach, fieldsToOne),
        async ({ to, sendgrid, smtpApi }) => {
          site.relay.clear();
          const fields = to.map((shown) => {
            const [, name = '', address = shown] =
              /^(.*) <(.*)>$/s.exec(shown) ?? [];
            return { name, address };
          });

          await mail.send({ to: fields, subject: 'Hi', text: 'Hi', sendgrid });

          const [received] = await site.relay.waitFor(1);
          expect(received?.smtpApi).toEqual(smtpApi);
          const head = received?.raw.toString('latin1').split('\r\n\r\n')[0];
          expect(head?.match(/^x-smtpapi:/gim)).toHaveLength(1);
          expect(head).not.toMatch(/[^\r\n\t -~]/);
          expect(head).not.toMatch(/^[^\r\n]{999}/m);
        },
      ),
      { numRuns: 150, seed: SEED },
    );
  });
});

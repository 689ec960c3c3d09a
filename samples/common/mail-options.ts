import { Logger } from '@nestjs/common';
import type { SendGridSmtpOptions } from 'nestjs-sendgrid-smtp';
import { FakeSendGrid } from 'nestjs-sendgrid-smtp/testing';

const logger = new Logger('Sample');

/**
 * Reads the environment: with `SENDGRID_API_KEY` mail goes to SendGrid, from
 * `MAIL_FROM`; without, to a SendGrid of our own on loopback.
 */
export async function mailOptions(): Promise<SendGridSmtpOptions> {
  const { SENDGRID_API_KEY: apiKey, MAIL_FROM: from } = process.env;
  if (apiKey) {
    if (!from) throw new Error('Set MAIL_FROM to a sender you have verified.');
    logger.log('Sending through SendGrid.');
    return { apiKey, defaults: { from }, verifyOnStart: 'warn' };
  }
  const relay = await FakeSendGrid.start({ keepMessages: 100 });
  logger.warn(
    `SENDGRID_API_KEY is not set: mail goes to a fake SendGrid on ${relay.host}:${relay.port} and is not delivered.`,
  );
  return {
    ...relay.options,
    defaults: { from: from ?? 'Sample <sample@example.com>' },
    shutdown: { onReport: () => void relay.stop() },
  };
}

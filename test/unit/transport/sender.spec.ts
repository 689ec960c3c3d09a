import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';

import type { OutgoingMail } from '../../../lib/delivery/carrier.js';
import { MailService } from '../../../lib/mail.service.js';
import type { MailMessage } from '../../../lib/message/mail-message.js';
import { telling } from '../../support/telling.js';
import { resolveOptions } from '../../../lib/options/resolve-options.js';
import { CaptureCarrier } from '../../../lib/transport/capture-carrier.js';
import { MailInstance } from '../../../lib/transport/mail-instance.js';
import { MailLine } from '../../../lib/transport/mail-line.js';

class RecordingCarrier extends CaptureCarrier {
  readonly carried: OutgoingMail[] = [];

  override carry(
    ...[mail, ...rest]: Parameters<CaptureCarrier['carry']>
  ): ReturnType<CaptureCarrier['carry']> {
    this.carried.push(mail);
    return super.carry(mail, ...rest);
  }
}

const BOUNCES = 'bounces@shop.example';
const LONG = 'A line\r\n'.repeat(100);

async function senderOf(message: MailMessage): Promise<string | undefined> {
  const options = resolveOptions({
    mode: 'capture',
    queue: { maxStreamBytes: 100 },
  });
  const carrier = new RecordingCarrier(options, telling());
  const line = new MailLine(options, carrier, telling());
  await new MailService(new MailInstance(line)).send({
    envelope: { from: BOUNCES, to: 'ada@example.com' },
    ...message,
  });
  return carrier.carried[0]?.sender;
}

describe('the sender of a message', () => {
  const raw = 'Subject: Hi\r\nFrom: Shop <hello@Shop.example>\r\n\r\n';

  it.each<[string, MailMessage]>([
    ['that needs no tree', { envelope: undefined, to: 'ada@example.com' }],
    ['that needs a tree', {}],
    ['with a stream', { text: Readable.from(['Hi']) }],
    ['with a long stream', { text: Readable.from([LONG]) }],
    ['with a function', { text: () => Readable.from([LONG]) }],
  ])('is the first address of From: %s', async (_label, fields) => {
    const from = ['Shop <hello@Shop.example>', 'news@shop.example'];

    const sender = await senderOf({ from, ...fields });

    expect(sender).toBe('hello@shop.example');
  });

  it.each<[string, MailMessage['raw']]>([
    ['a string', raw],
    ['a Buffer', Buffer.from(raw)],
    ['a stream', Readable.from([raw, 'Hi'])],
    ['a long stream', Readable.from([raw, LONG])],
    ['a function', () => Readable.from([raw, LONG])],
  ])('is read from the head of raw: %s', async (_label, content) => {
    expect(await senderOf({ raw: content })).toBe('hello@Shop.example');
  });

  it('is the envelope’s where From holds no address', async () => {
    expect(await senderOf({ raw: 'From: Shop\r\n\r\nHi' })).toBe(BOUNCES);
  });
});

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import type { Deliveries } from '../../lib/delivery/deliveries.js';
import { FakeSendGrid } from '../../lib/testing/fake-sendgrid.js';
import type { FaultStage } from '../../lib/testing/fake-sendgrid/faults.js';
import { SENDGRID_REPLIES } from '../../lib/testing/fake-sendgrid/replies.js';
import { deliveriesTo, outgoing, send } from '../support/relay.js';

const { idle, recipientSyntax, senderIdentity, tooLarge } = SENDGRID_REPLIES;

interface Expected {
  readonly code: string;
  readonly scope: string;
  readonly retryable: boolean;
  readonly command: string;
}

function refusal(
  code: string,
  scope: string,
  command: string,
  retryable = false,
): Expected {
  return { code, scope, command, retryable };
}

const REFUSALS: [`${number} ${string}`, FaultStage, Expected][] = [
  [tooLarge, 'mail', refusal('REJECTED', 'message', 'MAIL FROM')],
  [recipientSyntax, 'rcpt', refusal('REJECTED', 'recipient', 'RCPT TO')],
  ['450 Busy', 'rcpt', refusal('REJECTED', 'recipient', 'RCPT TO', true)],
  [idle, 'message', refusal('REJECTED', 'connection', 'DATA', true)],
  [senderIdentity, 'message', refusal('SENDER', 'sender', 'DATA')],
  [
    '403 You are not authorized to send from that email address',
    'message',
    refusal('SENDER', 'sender', 'DATA'),
  ],
  ['451 Later', 'message', refusal('REJECTED', 'message', 'DATA', true)],
  ['554 Never', 'message', refusal('REJECTED', 'message', 'DATA')],
];

let relay: FakeSendGrid;
let deliveries: Deliveries;

beforeEach(async () => {
  relay = await FakeSendGrid.start();
  deliveries = deliveriesTo(relay);
});

afterEach(async () => {
  await deliveries.drain(1000);
  await relay.stop();
});

describe('a message that is refused', () => {
  it.each(REFUSALS)('by %s (%s) says why', async (line, stage, expected) => {
    relay.fail(stage, line);

    const sent = send(deliveries, outgoing(1));

    await expect(sent).rejects.toMatchObject({
      ...expected,
      deliveryState: 'not-sent',
      responseCode: Number(line.slice(0, 3)),
      response: line,
    });
    await expect(sent).rejects.toThrow(line);
    expect(relay.messages).toHaveLength(0);
  });

  it('leaves the connection to those behind it', async () => {
    relay.fail('message', tooLarge);

    await expect(send(deliveries, outgoing(1))).rejects.toThrow('exceeds');
    await send(deliveries, outgoing(2));

    expect(relay.counters.connections).toBe(1);
  });
});

import { describe, expect, it } from 'vitest';
import type { MailMessage } from 'nestjs-sendgrid-smtp';
import { headerOf, WAYS, WaysOut } from '../support/addresses/ways-out.js';

const out = new WaysOut();

const FROM = 'shop@shop.example';

describe.each(WAYS)('recipients, on the way %s', (way) => {
  it.each<[string, MailMessage, string[]]>([
    [
      'in one list',
      { to: ['Ada@Shop.example', 'Ada@SHOP.EXAMPLE'] },
      ['Ada@shop.example'],
    ],
    [
      'in one string',
      { to: 'Ada@Shop.example, A <Ada@SHOP.EXAMPLE>' },
      ['Ada@shop.example'],
    ],
    [
      'over `to`, `cc` and `bcc`',
      {
        to: 'Ada@Shop.example',
        cc: [{ name: 'Ada', email: 'Ada@SHOP.EXAMPLE' }, 'bob@x.example'],
        bcc: { name: 'G', group: ['Ada@shop.EXAMPLE', 'bob@X.example'] },
      },
      ['Ada@shop.example', 'bob@x.example'],
    ],
    [
      'with an international domain in any form',
      {
        to: 'a@Bücher.example',
        cc: 'a@BÜCHER.example',
        bcc: ['a@xn--bcher-kva.example', 'a@XN--BCHER-KVA.example'],
      },
      ['a@xn--bcher-kva.example'],
    ],
    [
      'in an envelope that was given',
      {
        envelope: {
          from: FROM,
          to: ['Ada@Shop.example', 'Ada <Ada@SHOP.EXAMPLE>'],
          cc: 'Ada@shop.EXAMPLE',
          bcc: 'Ada@shop.example',
        },
      },
      ['Ada@shop.example'],
    ],
    [
      'of a raw message',
      {
        raw: `From: ${FROM}\r\n\r\nHi`,
        envelope: { from: FROM, to: 'a@X.example, a@x.EXAMPLE' },
      },
      ['a@x.example'],
    ],
    [
      'in headers',
      { to: 'a@X.example', headers: { Cc: 'a@x.EXAMPLE' } },
      ['a@x.example'],
    ],
    [
      'with the same domain and another local part stay apart',
      { to: 'Ada@Shop.example', cc: 'ada@SHOP.EXAMPLE' },
      ['Ada@shop.example', 'ada@shop.example'],
    ],
  ])('are named once: %s', async (_, fields, rcpt) => {
    const receipt = await out.send(way, fields);

    expect(out.received[0]?.envelope.to).toEqual(rcpt);
    expect(receipt.envelope.to).toEqual(rcpt);
    expect(receipt.accepted).toEqual(rcpt);
    expect(receipt.recipients.map(({ address }) => address)).toEqual(rcpt);
  });

  it('stay in the headers as they were written', async () => {
    await out.send(way, {
      to: 'Ada L. <Ada@Shop.example>',
      cc: 'Mail <Ada@SHOP.EXAMPLE>',
    });

    expect(headerOf(out.received[0], 'To')).toBe('"Ada L." <Ada@shop.example>');
    expect(headerOf(out.received[0], 'Cc')).toBe('Mail <Ada@shop.example>');
  });

  it('that are ten thousand times the same are one', async () => {
    const to = Array.from({ length: 10_000 }, (_, n) =>
      n % 2 === 0 ? 'ada@X.example' : 'ada@x.Example',
    );

    const receipt = await out.send(way, { to: to.join(',') });

    expect(receipt.accepted).toEqual(['ada@x.example']);
    expect(out.received[0]?.envelope.to).toEqual(['ada@x.example']);
  });
});

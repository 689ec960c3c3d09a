import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { envelopeOf } from '../../../lib/message/envelope.js';
import type { MailMessage } from '../../../lib/message/mail-message.js';
import { redirectTree } from '../../../lib/message/redirect-tree.js';
import { Redirect } from '../../../lib/message/redirect.js';
import { AddressPatterns } from '../../../lib/options/address-patterns.js';
import { compose, plain } from './compose.js';

const TARGET = 'qa@staging.example';
const USERS = ['ada', 'bob', 'Eve', 'qa', 'a.b', '"a..b"'];
const DOMAINS = [
  'one.example',
  'sub.one.example',
  'Two.example',
  'staging.example',
];

const user = fc.constantFrom(...USERS);
const domain = fc.constantFrom(...DOMAINS);
const address = fc.tuple(user, domain).map((parts) => parts.join('@'));
const plainAddress = fc
  .tuple(fc.constantFrom('ada', 'bob', 'eve', 'qa', 'a.b'), domain)
  .map((parts) => parts.join('@'));
const pattern = fc.oneof(
  plainAddress,
  domain,
  domain.map((name) => `@${name}`),
  domain.map((name) => `*@${name}`),
);
const mailbox = fc.oneof(
  address,
  address.map((one) => `Name <${one}>`),
  address.map((one) => ({ name: 'Name', address: one })),
  address.map((email) => ({ email })),
  fc
    .array(address, { minLength: 1, maxLength: 3 })
    .map((some) => `Group: ${some.join(', ')};`),
  fc
    .array(address, { minLength: 1, maxLength: 3 })
    .map((group) => ({ name: 'Group', group })),
);
const field = fc.option(fc.array(mailbox, { maxLength: 3 }), {
  nil: undefined,
});
const fields = fc.record({ to: field, cc: field, bcc: field });

/** Whether a pattern of the list means the address, told without the code under test. */
function isExcepted(rcpt: string, except: readonly string[]): boolean {
  const low = rcpt.toLowerCase();
  return except.some((one) => {
    const wanted = one.toLowerCase().replace(/^\*?@/, '');
    return wanted.includes('@') ? low === wanted : low.split('@')[1] === wanted;
  });
}

async function redirected(
  message: MailMessage,
  except: readonly string[],
): Promise<{
  before: readonly string[];
  after: readonly string[];
  head: string;
}> {
  const root = await compose(plain(message));
  const envelope = envelopeOf(root);
  const redirect = new Redirect({
    to: TARGET,
    except: new AddressPatterns(except),
  });
  const after = redirectTree(root, envelope, redirect).to;
  const head = root.buildHeaders().replace(/\r\n[ \t]+/g, ' ');
  return { before: envelope.to, after, head };
}

describe('a redirected message', () => {
  it('goes to the target and to excepted recipients, whoever is named', async () => {
    let excepted = 0;

    await fc.assert(
      fc.asyncProperty(
        fields,
        fields,
        fc.boolean(),
        fc.array(pattern, { maxLength: 3 }),
        async (inHeaders, inEnvelope, hasEnvelope, except) => {
          const given = hasEnvelope ? inEnvelope : inHeaders;
          fc.pre(Object.values(given).some((one) => one?.length));
          const envelope = { from: 'shop@shop.example', ...inEnvelope };
          const message = {
            ...inHeaders,
            envelope: hasEnvelope ? envelope : undefined,
          };

          const { before, after } = await redirected(message, except);

          const kept = before.filter((rcpt) => isExcepted(rcpt, except));
          const replaced = before.length > kept.length;
          excepted += kept.length;
          expect(new Set(after)).toEqual(
            new Set([...kept, ...(replaced ? [TARGET] : [])]),
          );
          expect(after).toHaveLength(new Set(after).size);
        },
      ),
      { numRuns: 500 },
    );

    expect(excepted).toBeGreaterThan(100);
  });

  it('shows only the target and excepted recipients in To and Cc', async () => {
    await fc.assert(
      fc.asyncProperty(
        fields,
        fc.array(pattern, { maxLength: 3 }),
        async (inHeaders, except) => {
          const envelope = { from: 'shop@shop.example', to: 'x@x.example' };

          const { head } = await redirected({ ...inHeaders, envelope }, except);

          const shown = (head.match(/^(?:To|Cc): .*$/gm) ?? [])
            .join(' ')
            .match(/[^\s<>,:;]+@[^\s<>,:;]+/g);
          for (const one of shown ?? []) {
            expect(one === TARGET || isExcepted(one, except)).toBe(true);
          }
        },
      ),
      { numRuns: 300 },
    );
  });

  it('has one X-Original-To, also when one was given', async () => {
    const headers = { 'x-original-to': 'eve@example.org' };

    const { head } = await redirected({ to: 'ada@one.example', headers }, []);

    expect(head.match(/^X-Original-To: .*$/gm)).toEqual([
      'X-Original-To: ada@one.example',
    ]);
  });
});

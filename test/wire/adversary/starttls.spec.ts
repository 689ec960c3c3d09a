import { describe, expect, it } from 'vitest';
import { setUpOf } from '../../support/adversary/transcript.js';
import { SEED } from '../../support/adversary/ways.js';
import { deliveriesTo } from '../../support/relay.js';
import { ScriptedServer, type Script } from '../../support/scripted-server.js';
import type { Pieces } from '../../support/scripted-server/outbox.js';

const PIECES: readonly Pieces[] = ['whole', 'split', 'bytes'];

/** Why no connection was had, and what had been said by then. */
async function verify(script: Script, pieces: Pieces): Promise<unknown> {
  const security = 'starttls';
  const manner = { security, pieces, seed: SEED } as const;
  const server = await ScriptedServer.start(script, manner);
  const deliveries = deliveriesTo(server);
  const failure: unknown = await deliveries.verify().then(
    () => 'connected',
    (error: unknown) => error,
  );
  await deliveries.drain(100);
  const setUp = setUpOf(server);
  await server.stop();
  return { failure, setUp };
}

/** No TLS, and so no key: nothing but these was said, all of it in the clear. */
const refused = (setUp: string, message: RegExp): unknown => ({
  failure: expect.objectContaining({
    code: 'RELAY_UNAVAILABLE',
    deliveryState: 'not-sent',
    message: expect.stringMatching(message),
  }),
  setUp,
});

describe('input injected behind the reply to STARTTLS', () => {
  it.each(
    [
      '250 injected\r\n',
      '250-smtp.test\r\n250 AUTH PLAIN\r\n',
      '235 welcome\r\n',
      '250',
      '2',
      '\r\n',
      '421 closing\r\n',
    ].flatMap((injected) => PIECES.map((pieces) => ({ injected, pieces }))),
  )('$injected, $pieces, ends the connection', async ({ injected, pieces }) => {
    const script: Script = ({ event }) =>
      event === 'STARTTLS' ? `220 go on\r\n${injected}` : undefined;

    const result = await verify(script, pieces);

    expect(result).toEqual(refused('EHLO STARTTLS', /./));
  });
});

const plain = '250-smtp.test\r\n250-PIPELINING\r\n250 AUTH PLAIN\r\n';
const crippled = '250-smtp.test\r\n250-XXXXXXXA\r\n250 AUTH PLAIN\r\n';

describe('plaintext downgrade', () => {
  it.each([
    ['STARTTLS is not offered', plain, 'EHLO', /does not offer STARTTLS/],
    ['STARTTLS is overwritten', crippled, 'EHLO', /does not offer STARTTLS/],
    ['EHLO is refused', '502 what?\r\n', 'EHLO', /refused EHLO/],
  ])('%s: the key is not sent', async (_, ehlo, setUp, message) => {
    const script: Script = ({ event }) => (event === 'EHLO' ? ehlo : undefined);

    const result = await verify(script, 'whole');

    expect(result).toEqual(refused(setUp, message));
  });

  it.each([
    ['502 what?', /refused STARTTLS/],
    ['454 not available', /refused STARTTLS/],
    ['250 ok', /unexpected reply/],
    ['354 go on', /STARTTLS/],
  ])('STARTTLS is answered %s: the key is not sent', async (reply, message) => {
    const script: Script = ({ event }) =>
      event === 'STARTTLS' ? `${reply}\r\n` : undefined;

    const result = await verify(script, 'whole');

    expect(result).toEqual(refused('EHLO STARTTLS', message));
  });

  it('what was offered before TLS does not count after it', async () => {
    const script: Script = ({ event, secure }) =>
      event === 'EHLO' && secure ? '250 smtp.test\r\n' : undefined;

    const result = await verify(script, 'whole');

    expect(result).toEqual(
      refused('EHLO STARTTLS (EHLO)', /does not offer AUTH PLAIN/),
    );
  });
});

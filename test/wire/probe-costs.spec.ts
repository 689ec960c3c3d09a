import { describe, expect, it } from 'vitest';

import { behindBodies } from '../support/adversary/behind-bodies.js';
import { nameOf } from '../support/adversary/transcript.js';
import { deliveriesTo, outgoing, send } from '../support/relay.js';
import { ScriptedServer, type Script } from '../support/scripted-server.js';

interface Case {
  readonly what: string;
  readonly pipelining: 'auto' | 'envelope' | 'oneflight';
  /** With one, each connection has an AUTH of its own. */
  readonly maxMessagesPerConnection: number;
  readonly script: () => Script;
}

const MESSAGES = 8;

const silentOn =
  (connection: number, events: RegExp): Case['script'] =>
  () =>
  (said) =>
    said.connection === connection && events.test(said.event) ? '' : undefined;

const CASES: readonly Case[] = [
  {
    what: 'an envelope behind a body',
    pipelining: 'oneflight',
    maxMessagesPerConnection: 5000,
    script: () => behindBodies(''),
  },
  {
    what: 'the first envelope behind a body',
    pipelining: 'auto',
    maxMessagesPerConnection: 5000,
    script: () => behindBodies(''),
  },
  {
    what: 'AUTH with an envelope behind it',
    pipelining: 'envelope',
    maxMessagesPerConnection: 5000,
    script: silentOn(1, /AUTH|MAIL|RCPT|DATA/),
  },
  {
    what: 'the first AUTH with an envelope behind it',
    pipelining: 'auto',
    maxMessagesPerConnection: 1,
    script: silentOn(2, /AUTH|MAIL|RCPT|DATA/),
  },
  {
    what: 'the first envelope behind AUTH',
    pipelining: 'auto',
    maxMessagesPerConnection: 1,
    script: silentOn(2, /MAIL|RCPT|DATA/),
  },
];

// In real time, and all together: sockets do not follow a clock that is faked.
describe.concurrent('a relay that does not answer', () => {
  it.each(CASES)(
    '$what, pipelining $pipelining, costs seconds, not `commandMs`',
    async ({ script, pipelining, maxMessagesPerConnection }) => {
      const server = await ScriptedServer.start(script());
      const deliveries = deliveriesTo(server, {
        pool: { maxConnections: 1, maxMessagesPerConnection, pipelining },
      });
      const began = performance.now();

      await Promise.all(
        Array.from({ length: MESSAGES }, (_, n) =>
          send(deliveries, outgoing(n)),
        ),
      );
      const seconds = (performance.now() - began) / 1000;
      await deliveries.drain(1000);
      await server.stop();

      expect(seconds).toBeGreaterThan(4.5);
      expect(seconds).toBeLessThan(10);
      expect(server.accepted.map(nameOf).toSorted()).toEqual(
        Array.from({ length: MESSAGES }, (_, n) => `<${n}>`),
      );
    },
  );
});

import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { FROM, inTurn, preparedMails, recipients } from '../mail.js';
import type { Contestant, Load, Target } from './contestant.js';

const LF = 10;

/**
 * The floor: a loop that writes finished messages, one flight each, and counts
 * reply lines. It looks at no reply, so it could not tell a refusal.
 */
export async function rawWriter(
  target: Target,
  load: Load,
): Promise<Contestant> {
  const flights = new Flights(load);
  const lanes = await Promise.all(
    Array.from({ length: target.connections }, () => open(target, flights)),
  );
  return {
    run: async (count) => {
      const work = { left: count };
      await Promise.all(lanes.map((lane) => lane.run(work)));
    },
    close: () => lanes.forEach((lane) => lane.close()),
  };
}

/** What one message's write holds: its body, and the envelope of the next. */
class Flights {
  readonly envelope: Buffer;
  readonly bodies: readonly Buffer[];
  readonly linked: readonly Buffer[];

  /** Reply lines that one message gets. */
  readonly lines: number;

  constructor({ size, recipients: count }: Load) {
    const rcpts = recipients(count).map((to) => `RCPT TO:<${to}>\r\n`);
    this.envelope = Buffer.from(
      `MAIL FROM:<${FROM}>\r\n${rcpts.join('')}DATA\r\n`,
    );
    this.lines = count + 3;
    this.bodies = preparedMails(size).map((mail) =>
      Buffer.concat([mail, Buffer.from('.\r\n')]),
    );
    this.linked = this.bodies.map((body) =>
      Buffer.concat([body, this.envelope]),
    );
  }
}

async function open(target: Target, flights: Flights): Promise<Lane> {
  const { host, port } = target;
  const socket = connect({ host, port, noDelay: true });
  const lane = new Lane(socket, flights);
  await once(socket, 'connect');
  await lane.lines(1);
  socket.write('EHLO bench\r\n');
  await lane.lines(5);
  return lane;
}

/** One connection. */
class Lane {
  readonly #socket: Socket;
  readonly #flights: Flights;
  #awaited = 0;
  #done: () => void = () => undefined;
  #turn = 0;

  constructor(socket: Socket, flights: Flights) {
    this.#socket = socket;
    this.#flights = flights;
    socket.on('data', (chunk) => this.#count(chunk));
  }

  async run(work: { left: number }): Promise<void> {
    const { envelope, bodies, linked, lines } = this.#flights;
    if (work.left === 0) return;
    work.left -= 1;
    this.#socket.write(envelope);
    await this.lines(lines - 1);
    for (;;) {
      this.#turn += 1;
      if (work.left === 0) break;
      work.left -= 1;
      this.#socket.write(inTurn(linked, this.#turn));
      await this.lines(lines);
    }
    this.#socket.write(inTurn(bodies, this.#turn));
    await this.lines(1);
  }

  /** Resolves when that many more lines have come. */
  lines(count: number): Promise<void> {
    this.#awaited = count;
    return new Promise((resolve) => {
      this.#done = resolve;
    });
  }

  close(): void {
    this.#socket.end('QUIT\r\n');
  }

  #count(chunk: Buffer): void {
    for (let at = chunk.indexOf(LF); at >= 0; at = chunk.indexOf(LF, at + 1)) {
      this.#awaited -= 1;
    }
    if (this.#awaited === 0) this.#done();
  }
}

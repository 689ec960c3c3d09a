import {
  FakeSendGrid,
  type FakeSendGridOptions,
} from 'nestjs-sendgrid-smtp/testing';
import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest';

import {
  startOutbox,
  type OutboxApp,
  type OutboxAppOptions,
} from './outbox-app.js';

/** A store that was started for tests. */
interface Removable {
  remove(): Promise<void>;
}

/**
 * What the tests of a suite stand on: one store for all, and for each a relay,
 * the name of a queue that no other has, and applications, which are closed
 * before the relay stops. Make it in the suite, since it registers its hooks.
 */
export class Stand<Store extends Removable> {
  #store: Store | undefined;
  #relay: FakeSendGrid | undefined;
  #opened: OutboxApp[] = [];
  #queues = 0;

  constructor(start: () => Promise<Store>, options: FakeSendGridOptions = {}) {
    beforeAll(async () => {
      this.#store = await start();
    });
    beforeEach(async () => {
      this.#relay = await FakeSendGrid.start(options);
      this.#queues += 1;
    });
    afterEach(async () => {
      this.relay.release();
      for (const { app } of this.#opened.splice(0)) await app.close();
      await this.relay.stop();
    });
    afterAll(() => this.#store?.remove());
  }

  get store(): Store {
    return started(this.#store);
  }

  get relay(): FakeSendGrid {
    return started(this.#relay);
  }

  get queueName(): string {
    return `queue-${this.#queues}`;
  }

  /** Starts an application, which is closed when the test has ended. */
  async open(options: OutboxAppOptions): Promise<OutboxApp> {
    const app = await startOutbox(options);
    this.#opened.push(app);
    return app;
  }
}

function started<Part>(part: Part | undefined): Part {
  if (part === undefined) throw new Error('Nothing stands before a test runs');
  return part;
}

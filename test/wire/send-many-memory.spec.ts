import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

import { expect, it, onTestFinished } from 'vitest';

import { MailService } from '../../lib/mail.service.js';
import type { MailMessage } from '../../lib/message/mail-message.js';
import { SILENT } from '../../lib/options/log.js';
import { resolveOptions } from '../../lib/options/resolve-options.js';
import { FakeSendGrid } from '../../lib/testing/fake-sendgrid.js';
import { openInstance } from '../../lib/transport/open-instance.js';

const MESSAGES = 10_000;
const STEP = 2000;

/** What of it is kept shows, and more still what of its outcome is. */
const TEXT = 'Hello, hello. '.repeat(150);

setFlagsFromString('--expose-gc');
// That is what it is once it is exposed.
const collect = runInNewContext('gc') as () => void;

function* source(heapUsed: number[]): Generator<MailMessage> {
  for (let n = 0; n < MESSAGES; n += 1) {
    if (n % STEP === 0) {
      collect();
      heapUsed.push(process.memoryUsage().heapUsed);
    }
    yield {
      to: `no-${n}@example.com`,
      subject: `No. ${n}`,
      text: `${n} ${TEXT}`,
    };
  }
}

it(
  'sendMany keeps nothing of what it has sent',
  { timeout: 120_000 },
  async () => {
    const relay = await FakeSendGrid.start({
      security: 'none',
      parse: false,
      keepMessages: 0,
    });
    onTestFinished(() => relay.stop());
    const options = resolveOptions({
      ...relay.options,
      defaults: { from: 'shop@shop.example' },
    });
    const instance = openInstance(options, 'memory', SILENT);
    onTestFinished(async () => void (await instance.drain(1000)));
    const mail = new MailService(instance);
    const heapUsed: number[] = [];
    let accepted = 0;

    for await (const { status } of mail.sendMany(source(heapUsed))) {
      if (status === 'accepted') accepted += 1;
    }

    expect(accepted).toBe(MESSAGES);
    // Before the first step much is loaded and compiled.
    const [, early = 0, ...later] = heapUsed;
    expect(later).toHaveLength(3);
    for (const used of later) expect(used - early).toBeLessThan(5_000_000);
  },
);

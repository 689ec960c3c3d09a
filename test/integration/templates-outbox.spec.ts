import { Test } from '@nestjs/testing';
import type { DynamicModule } from '@nestjs/common';
import { SendGridSmtpModule } from 'nestjs-sendgrid-smtp';
import { MailOutbox, MailOutboxModule } from 'nestjs-sendgrid-smtp/outbox';
import {
  createTemplates,
  type Templates,
} from 'nestjs-sendgrid-smtp/templates';
import { describe, expect, it, onTestFinished, vi } from 'vitest';

import { JobStore } from '../../lib/outbox/store/job-store.js';
import { CAPTURE } from './support/options.js';

/** Nothing listens there. */
const OUTBOX = {
  connection: 'redis://127.0.0.1:1',
  environment: 'test',
  role: 'producer',
} as const;

const MESSAGE = {
  to: 'ada@example.net',
  template: 'welcome',
  context: { name: 'Ada' },
};

function templates(name: string, verify = false): Templates {
  const source = `${name} greets {{name}}`;
  return createTemplates({
    resolver: {
      resolve: () => ({ text: { source, engine: 'hbs' } }),
      list: () => [{ name: '' }],
    },
    verify,
    engines: verify ? { hbs: () => Promise.reject(new Error('broken')) } : {},
  });
}

async function start(...imports: DynamicModule[]): Promise<MailOutbox> {
  const app = await Test.createTestingModule({ imports }).compile();
  await app.init();
  onTestFinished(() => app.close());
  return app.get(MailOutbox);
}

/** The messages that are put into the store, which is not there. */
function stored(): object[] {
  const messages: object[] = [];
  vi.spyOn(JobStore.prototype, 'add').mockImplementation(async (entries) => {
    for (const { data } of entries) {
      const { body } = data as unknown as { body: string };
      messages.push(JSON.parse(body));
    }
  });
  return messages;
}

describe('a message that is put into the outbox', () => {
  it('is rendered there and then', async () => {
    const messages = stored();
    const own = { ...OUTBOX, templates: templates('The outbox') };
    const outbox = await start(MailOutboxModule.forRoot(own));

    await outbox.enqueue(MESSAGE);
    await outbox.enqueueMany([{ message: { ...MESSAGE, text: 'Own' } }]);

    expect(messages).toMatchObject([
      { message: { to: MESSAGE.to, text: 'The outbox greets Ada' } },
      { message: { to: MESSAGE.to, text: 'Own' } },
    ]);
    expect(JSON.stringify(messages)).not.toMatch(/template|context/);
  });

  it('takes the templates of the mail instance where it has none', async () => {
    const messages = stored();
    const outbox = await start(
      SendGridSmtpModule.forRoot({
        ...CAPTURE,
        templates: templates('The instance'),
      }),
      MailOutboxModule.forRoot(OUTBOX),
    );

    await outbox.enqueue(MESSAGE);

    expect(messages).toMatchObject([
      { message: { text: 'The instance greets Ada' } },
    ]);
  });

  it('is refused where nothing renders it', async () => {
    const messages = stored();
    const outbox = await start(MailOutboxModule.forRoot(OUTBOX));

    await expect(outbox.enqueue(MESSAGE)).rejects.toMatchObject({
      code: 'TEMPLATE',
    });
    await expect(
      outbox.enqueue({ to: MESSAGE.to, text: 'x', context: {} }),
    ).rejects.toMatchObject({ code: 'INVALID_MESSAGE' });
    expect(messages).toEqual([]);
  });

  it('cannot be, when the bootstrap finds a broken template', async () => {
    const broken = { ...OUTBOX, templates: templates('x', true) };

    const started = start(MailOutboxModule.forRoot(broken));

    await expect(started).rejects.toMatchObject({ code: 'TEMPLATE' });
  });
});

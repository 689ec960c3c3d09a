import { beforeEach, describe, expect, it } from 'vitest';

import { eventually } from './support/eventually.js';
import type { OutboxApp } from './support/outbox-app.js';
import { Stand } from './support/stand.js';
import { STORES } from './support/stores.js';

const KEYS: Readonly<Record<string, string>> = {
  acme: `SG.${'a'.repeat(22)}.${'a'.repeat(43)}`,
  globex: `SG.${'g'.repeat(22)}.${'g'.repeat(43)}`,
};
const UNKNOWN_KEY = `SG.${'x'.repeat(22)}.${'x'.repeat(43)}`;
const MESSAGE = { to: 'ada@example.net', subject: 'Hello', text: 'Hi Ada' };

describe.each(STORES)('the mail of tenants, over %s', (_name, start) => {
  const stand = new Stand(start, { apiKey: Object.values(KEYS) });
  let app: OutboxApp;

  beforeEach(async () => {
    const { apiKey: _apiKey, ...rest } = stand.relay.options;
    app = await stand.open({
      store: stand.store,
      relay: { options: rest },
      outbox: { queueName: stand.queueName },
      mail: {
        tenants: (id) => ({
          apiKey: KEYS[id] ?? UNKNOWN_KEY,
          defaults: { from: `mail@${id}.example` },
        }),
      },
    });
  });

  async function becomes(
    id: string,
    tenant: string,
    state: string,
  ): Promise<void> {
    await eventually(
      () => app.outbox.status({ id, tenant }),
      (now) => now === state,
    );
  }

  it('leaves by the relay of each, and their ids do not meet', async () => {
    const { outbox } = app;
    for (const tenant of ['acme', 'globex']) {
      await outbox.enqueue(MESSAGE, { id: 'welcome', tenant });
      await outbox.enqueue(MESSAGE, { id: 'welcome', tenant });
      await becomes('welcome', tenant, 'sent');
    }

    const senders = stand.relay.messages.map(({ envelope }) => envelope.from);
    expect(senders).toEqual(['mail@acme.example', 'mail@globex.example']);
    const ids = stand.relay.messages.map(({ messageId }) => messageId);
    expect(new Set(ids).size).toBe(2);
    expect(await outbox.status('welcome')).toBe('absent');
  });

  it('waits while the account of one is refused, and blocks no other', async () => {
    const { outbox } = app;
    await outbox.enqueue(MESSAGE, { id: 'blocked', tenant: 'keyless' });
    await becomes('blocked', 'keyless', 'delayed');
    await outbox.enqueue(MESSAGE, { id: 'free', tenant: 'acme' });
    await becomes('free', 'acme', 'sent');

    expect(app.events.map(({ type }) => type)).not.toContain('worker-paused');
    expect(await outbox.cancel({ id: 'blocked', tenant: 'keyless' })).toBe(
      true,
    );
  });

  it('names its tenant among what is uncertain', async () => {
    const { outbox } = app;
    stand.relay.fail('message', 'drop');
    await outbox.enqueue(MESSAGE, { id: 'unanswered', tenant: 'globex' });
    await becomes('unanswered', 'globex', 'uncertain');

    expect(await outbox.uncertain()).toMatchObject([
      { id: 'unanswered', tenant: 'globex', code: 'OUTCOME_UNKNOWN' },
    ]);
  });
});

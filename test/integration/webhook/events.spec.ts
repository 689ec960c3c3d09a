import { Controller, Injectable, Scope } from '@nestjs/common';
import {
  OnSendGridEvent,
  type MailOutcome,
  type SeenEvents,
  type SendGridBounceEvent,
  type SendGridDroppedEvent,
  type SendGridEventBase,
} from 'nestjs-sendgrid-smtp/webhook';
import { beforeEach, describe, expect, it } from 'vitest';
import { recordLogs } from '../support/recording-logger.js';
import { WebhookApp } from '../support/webhook-app.js';

const logs = recordLogs();
const web = new WebhookApp(logs);

const PATH = '/sendgrid/events';
const calls: string[] = [];

let count = 0;

function event(
  name: string,
  fields: object = {},
): SendGridEventBase & { readonly event: string } {
  count += 1;
  const id = `event-${count}`;
  return { event: name, email: 'Ada@Example.net', sg_event_id: id, ...fields };
}

@Injectable()
class Handlers {
  readonly #prefix = 'provider';

  @OnSendGridEvent('bounce', 'dropped')
  async onFailure(
    failed: SendGridBounceEvent | SendGridDroppedEvent,
  ): Promise<void> {
    await Promise.resolve();
    calls.push(`${this.#prefix} ${failed.event} ${failed.reason}`);
  }

  @OnSendGridEvent('teleported')
  onOther(other: SendGridEventBase): void {
    calls.push(`${this.#prefix} ${other.event}`);
  }

  @OnSendGridEvent('open')
  onOpen(): void {
    throw new Error('The database is down SG.secret');
  }
}

@Controller('any')
class AnyController {
  @OnSendGridEvent()
  onAny(any: SendGridEventBase): void {
    calls.push(`controller ${any.event}`);
  }
}

@Injectable({ scope: Scope.REQUEST })
class PerRequest {
  @OnSendGridEvent('click')
  onClick(): void {
    calls.push('never');
  }
}

beforeEach(() => {
  calls.length = 0;
});

describe('decorated methods', () => {
  it('are called with the events that they name, of providers and controllers', async () => {
    const url = await web.start({
      metadata: { providers: [Handlers], controllers: [AnyController] },
    });

    await web.sender.post(url + PATH, [
      event('bounce', { reason: '550 no' }),
      event('delivered'),
      event('teleported'),
    ]);
    await web.settle();

    expect(calls.toSorted()).toEqual([
      'controller bounce',
      'controller delivered',
      'controller teleported',
      'provider bounce 550 no',
      'provider teleported',
    ]);
  });

  it('are called once though their class has two tokens', async () => {
    const alias = { provide: 'ALIAS', useExisting: Handlers };
    const url = await web.start({ metadata: { providers: [Handlers, alias] } });

    await web.sender.post(url + PATH, [event('teleported')]);
    await web.settle();

    expect(calls).toEqual(['provider teleported']);
  });

  it('that throw hold nothing up, and are told of in one line', async () => {
    const url = await web.start({ metadata: { providers: [Handlers] } });

    await web.sender.post(url + PATH, [
      event('open'),
      event('open'),
      event('teleported'),
    ]);
    await web.settle();

    expect(calls).toEqual(['provider teleported']);
    const lines = logs.lines.filter((line) => line.includes('Handlers.onOpen'));
    expect(lines).toHaveLength(1);
    expect(lines[0]).toContain('The database is down');
    expect(lines[0]).not.toContain('SG.secret');
  });

  it('of a class for each request are named in a warning', async () => {
    await web.start({ metadata: { providers: [PerRequest] } });

    expect(logs.text).toContain('PerRequest.onClick is decorated');
  });

  it('run a few at a time, and the next post waits for them', async () => {
    let running = 0;
    let most = 0;
    const goOn: (() => void)[] = [];
    @Injectable()
    class Slow {
      @OnSendGridEvent()
      async onAny(): Promise<void> {
        running += 1;
        most = Math.max(most, running);
        await new Promise<void>((resolve) => goOn.push(resolve));
        running -= 1;
      }
    }
    const url = await web.start({
      concurrency: 2,
      metadata: { providers: [Slow] },
    });
    await web.sender.post(
      url + PATH,
      ['a', 'b', 'c'].map((n) => event(n)),
    );
    await web.sender.post(url + PATH, [event('d')]);
    await web.settle();
    expect(web.told).toHaveLength(3);

    for (let n = 0; n < 4; n += 1) {
      goOn.shift()?.();
      await web.settle();
    }

    expect(web.told).toHaveLength(4);
    expect([most, running]).toEqual([2, 0]);
  });
});

describe('events', () => {
  it('are told of once, also when they are posted again or twice in a post', async () => {
    const url = await web.start();
    const [one, two] = [event('open'), event('click')];

    await web.sender.post(url + PATH, [one, one]);
    await web.sender.post(url + PATH, [two, one]);
    await web.settle();

    expect(web.told).toEqual([one, two]);
  });

  it('without an id are always told of', async () => {
    const url = await web.start();
    const one = { event: 'open', sg_event_id: '' };

    await web.sender.post(url + PATH, [one, one]);
    await web.settle();

    expect(web.told).toHaveLength(2);
  });

  it('are asked for in a store of the application', async () => {
    const asked: (readonly string[])[] = [];
    const seen: SeenEvents = {
      enter: async (ids) => {
        asked.push(ids);
        return ids.map((_, at) => at === 1);
      },
    };
    const url = await web.start({ seen });
    const events = [event('a'), event('b'), event('c')];

    await web.sender.post(url + PATH, events);
    await web.settle();

    expect(asked).toEqual([events.map((one) => one.sg_event_id)]);
    expect(web.told).toEqual(events.slice(1, 2));
  });

  it('are told of although the store fails', async () => {
    const seen = { enter: () => Promise.reject(new Error('no redis')) };
    const url = await web.start({ seen });

    await web.sender.post(url + PATH, [event('a')]);
    await web.settle();

    expect(web.told).toHaveLength(1);
    expect(logs.text).toContain('The store `seen` failed: no redis');
  });

  it('are passed on in their kinds', async () => {
    const url = await web.start();
    const known: string[] = [];
    const other: string[] = [];
    web.webhook.events$.subscribe((one) => known.push(one.event));
    web.webhook.otherEvents$.subscribe((one) => other.push(one.event));

    await web.sender.post(url + PATH, [event('open'), event('teleported')]);
    await web.settle();

    expect({ known, other }).toEqual({
      known: ['open'],
      other: ['teleported'],
    });
  });

  it('become outcomes', async () => {
    const url = await web.start();
    const outcomes: MailOutcome[] = [];
    web.webhook.outcomes$.subscribe((one) => outcomes.push(one));

    await web.sender.post(url + PATH, [
      event('processed'),
      event('open', { sg_machine_open: true }),
    ]);
    await web.settle();

    expect(outcomes).toMatchObject([
      { kind: 'opened', machine: true, recipient: 'ada@example.net' },
    ]);
  });

  it('that are no JSON although they are signed are told of in the log only', async () => {
    await web.start();

    web.webhook.take(Buffer.from('['));
    web.webhook.take(Buffer.from('[{"event":"open"}]'));
    await web.settle();

    expect(web.told).toHaveLength(1);
    expect(logs.text).toContain('Reading a signed post failed');
  });

  it('that wait are handled before the application has closed', async () => {
    let handled = 0;
    @Injectable()
    class Slow {
      @OnSendGridEvent()
      async onAny(): Promise<void> {
        await new Promise((resolve) => setTimeout(resolve, 20));
        handled += 1;
      }
    }
    const url = await web.start({
      concurrency: 1,
      metadata: { providers: [Slow] },
    });
    let completed = false;
    web.webhook.events$.subscribe({ complete: () => (completed = true) });
    await web.sender.post(url + PATH, [event('open'), event('open')]);
    await web.sender.post(url + PATH, [event('open')]);

    await web.app.close();

    expect(handled).toBe(3);
    expect(completed).toBe(true);
  });
});

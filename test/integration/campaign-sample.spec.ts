import { ValidationPipe, type INestApplication } from '@nestjs/common';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { SendGridSmtpModule } from 'nestjs-sendgrid-smtp';
import { CampaignController } from '../../samples/campaign/campaign.controller.js';
import { Campaigns } from '../../samples/campaign/campaigns.js';
import { CAPTURE } from './support/options.js';
import { createApp, PLATFORMS } from './support/platforms.js';

const CAMPAIGN = { subject: 'Hi -name-', html: '<p>Hi -name-</p>' };

let app: INestApplication | undefined;

afterEach(async () => {
  vi.useRealTimers();
  await app?.close();
});

describe.each(PLATFORMS)(
  'The sample’s campaigns on $platform',
  ({ adapter }) => {
    async function start(): Promise<string> {
      app = await createApp(
        {
          imports: [SendGridSmtpModule.forRoot(CAPTURE)],
          controllers: [CampaignController],
          providers: [Campaigns],
        },
        adapter(),
      );
      app.useGlobalPipes(new ValidationPipe({ whitelist: true }));
      await app.listen(0, '127.0.0.1');
      return `${await app.getUrl()}/campaigns`;
    }

    async function post(url: string, body: object): Promise<Response> {
      return fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ ...CAMPAIGN, ...body }),
      });
    }

    it('tell of their progress until they end', async () => {
      const url = await start();
      const response = await post(url, { count: 2500 });
      const { id } = (await response.json()) as { id: string };

      const stream = await fetch(`${url}/${id}/progress`);
      const events = await stream.text();

      expect(response.status).toBe(202);
      expect(stream.headers.get('content-type')).toContain('text/event-stream');
      expect(events).toMatch(/^event: progress$/m);
      expect(events).toMatch(
        /event: done\n(?:id: .*\n)?data: \{"settled":2500,"accepted":2500,/,
      );
    });

    it('are told of after they have ended, and forgotten later', async () => {
      const url = await start();
      vi.useFakeTimers({ toFake: ['setTimeout'] });
      const recipients = [{ to: 'ada@example.net', name: 'Ada' }];
      const response = await post(url, { recipients });
      const { id } = (await response.json()) as { id: string };
      await fetch(`${url}/${id}/progress`).then((stream) => stream.text());

      const after = await fetch(`${url}/${id}`);
      await vi.advanceTimersByTimeAsync(10 * 60_000);
      const later = await fetch(`${url}/${id}`);

      expect(await after.json()).toMatchObject({ settled: 1, accepted: 1 });
      expect(later.status).toBe(404);
    });

    it.each([
      ['nobody', {}],
      ['an address that is none', { recipients: [{ to: 'x', name: 'X' }] }],
      ['too many to make up', { count: 1_000_001 }],
    ])('are refused for %s', async (_, body) => {
      const url = await start();

      const { status } = await post(url, body);

      expect(status).toBe(400);
    });
  },
);

import type { DynamicModule, Type } from '@nestjs/common';
import { expect } from 'vitest';

import { startRelay } from '../support/capturing.js';
import type { Runs } from '../support/run.js';
import { start } from '../support/start.js';

const MESSAGE = { to: 'ada@example.com', subject: 'Hi', text: 'Hi' };

export const CONFIGURATION: Runs = {
  'mail-config.ts': async (load) => {
    const { ConfiguredModule } = await load<{ ConfiguredModule: Type }>();
    const { mail, captured } = await start({ imports: [ConfiguredModule] });

    await mail.send(MESSAGE);

    expect(captured().sent()[0]?.envelope.from).toBe('hello@shop.example');
  },
  'rotating-key.module.ts': async (load) => {
    const relay = await startRelay();
    const { AppModule } = await load<{ AppModule: Type }>();
    const { apiKey: _, ...elsewhere } = relay.options;
    const { mail } = await start({ imports: [AppModule] }, elsewhere);

    // The secret is not mounted here.
    await expect(mail.verify()).rejects.toThrow('/run/secrets/sendgrid');
  },
  staging: async (load) => {
    const { staging } = await load<{ staging: DynamicModule }>();
    const { mail, captured } = await start({ imports: [staging] });

    await mail.send(MESSAGE);
    await mail.send({ ...MESSAGE, to: 'eve@team.shop.example' });

    expect(
      captured()
        .sent()
        .map(({ recipients }) => recipients),
    ).toEqual([['qa@shop.example'], ['eve@team.shop.example']]);
  },
  'two-instances.module.ts': async (load) => {
    const block = await load<{
      AppModule: Type;
      NewsletterController: Type<{ send: () => Promise<void> }>;
    }>();
    const { app, captured } = await start(
      {
        imports: [block.AppModule],
        controllers: [block.NewsletterController],
      },
      { mode: 'capture', defaults: { from: 'news@shop.example' } },
      ['default', 'newsletter'],
    );

    await app.get(block.NewsletterController).send();

    expect(captured('newsletter').sent()).toMatchObject([{ subject: 'News' }]);
    expect(captured().sent()).toMatchObject([{ subject: 'Done' }]);
  },
  'tenants.module.ts': async (load) => {
    const block = await load<{
      AppModule: Type;
      InviteController: Type<{ invite: (id: string) => Promise<void> }>;
    }>();
    const { app, captured } = await start({
      imports: [block.AppModule],
      controllers: [block.InviteController],
    });
    const controller = app.get(block.InviteController);

    await controller.invite('acme');

    expect(captured().sent()).toMatchObject([
      { tenant: 'acme', envelope: { from: 'mail@acme.example' } },
    ]);
    await expect(controller.invite('other')).rejects.toMatchObject({
      code: 'INVALID_OPTIONS',
    });
  },
};

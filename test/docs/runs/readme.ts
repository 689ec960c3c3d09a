import { type INestApplication, type Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { expect, vi } from 'vitest';

import { IS_A_TEST, type Runs } from '../support/run.js';
import { startCapturing } from '../support/capturing.js';
import { start } from '../support/start.js';

async function post(app: INestApplication, path: string): Promise<Response> {
  return fetch(`${await app.getUrl()}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ email: 'ada@example.com' }),
  });
}

export const README: Runs = {
  'reset.controller.ts': async (load) => {
    const { ResetController } = await load<{ ResetController: Type }>();
    const { app, captured } = await startCapturing([ResetController]);
    await app.listen(0, '127.0.0.1');

    const response = await post(app, '/reset');

    expect(response.status).toBe(201);
    expect(captured().lastTo('ada@example.com')?.text).toContain('123456');
  },
  'app.module.ts': async (load) => {
    const { AppModule } = await load<{ AppModule: Type }>();
    const { mail, captured } = await start({ imports: [AppModule] });

    await mail.send({ to: 'ada@example.com', subject: 'Hi', text: 'Hi' });

    expect(captured().sent()[0]?.envelope.from).toBe('hello@shop.example');
  },
  'signup.controller.ts': async (load) => {
    const { SignupController } = await load<{ SignupController: Type }>();
    const { app, captured } = await startCapturing([SignupController]);
    await app.listen(0, '127.0.0.1');

    const response = await post(app, '/signup');

    expect(response.status).toBe(201);
    expect(captured().lastTo('ada@example.com')?.subject).toBe('Welcome');
  },
  'main.ts': async (load) => {
    let listening: INestApplication | undefined;
    vi.spyOn(NestFactory, 'create').mockImplementation(
      async (module: unknown) => {
        const { app } = await start({ imports: [module as Type] });
        const listen = app.listen.bind(app);
        listening = app;
        // The page's own port may be in use.
        app.listen = () => listen(0, '127.0.0.1');
        return app;
      },
    );

    await load();

    expect(listening).toBeDefined();
    if (listening === undefined) return;
    expect((await post(listening, '/signup')).status).toBe(201);
  },
  'signup.spec.ts': IS_A_TEST,
};

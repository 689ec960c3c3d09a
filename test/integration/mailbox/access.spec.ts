import {
  Controller,
  Get,
  Injectable,
  SetMetadata,
  UnauthorizedException,
  VersioningType,
  type CanActivate,
  type ExecutionContext,
} from '@nestjs/common';
import { APP_GUARD, APP_INTERCEPTOR, Reflector } from '@nestjs/core';
import { map, type Observable } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { ask, MailboxApp } from '../support/mailbox-app.js';
import { PLATFORMS } from '../support/platforms.js';

const box = new MailboxApp();

/** A page of the application itself. */
@Controller('own')
class OwnController {
  @Get()
  get(): string {
    return 'own';
  }
}

/** Every path of the mailbox that gives something away, or changes it. */
const PATHS = [
  ['GET', ''],
  ['GET', '/assets/main.js'],
  ['GET', '/messages'],
  ['GET', '/messages/some-id'],
  ['GET', '/messages/some-id/html'],
  ['GET', '/messages/some-id/source'],
  ['GET', '/messages/some-id/attachments/0'],
  ['GET', '/pool'],
  ['GET', '/events'],
  ['DELETE', '/messages'],
] as const;

async function statuses(
  headers: Readonly<Record<string, string>>,
): Promise<number[]> {
  const all: number[] = [];
  for (const [method, path] of PATHS) {
    const wanted = { method, 'x-mailbox': 'yes', ...headers };
    all.push((await box.ask(path, wanted)).status);
  }
  return all;
}

const REFUSED = PATHS.map(() => 403);

describe.each(PLATFORMS)('the mailbox on $platform', ({ adapter }) => {
  it('answers under names of this machine only, whatever is pointed here', async () => {
    await box.start({ adapter });
    const of = async (host: string): Promise<number> =>
      (await box.ask('/messages', { host })).status;

    await expect(statuses({ host: 'evil.example:3000' })).resolves.toEqual(
      REFUSED,
    );
    await expect(of('localhost.evil.example')).resolves.toBe(403);
    await expect(of('127.0.0.1.evil.example')).resolves.toBe(403);
    await expect(of('192.168.0.7')).resolves.toBe(403);
    await expect(of('localhost:3000')).resolves.toBe(200);
    await expect(of('shop.localhost')).resolves.toBe(200);
    await expect(of('127.0.0.1')).resolves.toBe(200);
    await expect(of('[::1]:3000')).resolves.toBe(200);
  });

  it('answers under further names when they are listed', async () => {
    const mailbox = { allowedHosts: ['Mail.dev.example'] };
    await box.start({ adapter, mailbox });
    const of = async (host: string): Promise<number> =>
      (await box.ask('/messages', { host })).status;

    await expect(of('mail.dev.example:8080')).resolves.toBe(200);
    await expect(of('other.dev.example')).resolves.toBe(403);
  });

  it('answers to no other origin', async () => {
    await box.start({ adapter });
    const host = 'localhost:3000';

    for (const origin of [
      'https://evil.example',
      'http://localhost:3001',
      'null',
    ]) {
      await expect(statuses({ host, origin })).resolves.toEqual(REFUSED);
    }
    for (const site of ['cross-site', 'same-site']) {
      const headers = { host, 'sec-fetch-site': site };
      await expect(statuses(headers)).resolves.toEqual(REFUSED);
    }
    const own = { host, origin: 'http://localhost:3000' };
    await expect(box.ask('/messages', own)).resolves.toMatchObject({
      status: 200,
    });
  });

  it('may be linked to from elsewhere, which shows nothing in a frame', async () => {
    await box.start({ adapter });
    const link = {
      'sec-fetch-site': 'cross-site',
      'sec-fetch-mode': 'navigate',
      'sec-fetch-dest': 'document',
    };

    const page = await box.ask('', link);
    const frame = await box.ask('', { ...link, 'sec-fetch-dest': 'iframe' });

    expect(page.status).toBe(200);
    expect(frame.status).toBe(403);
  });

  it('is cleared with a header only that no form can send', async () => {
    await box.start({ adapter });
    await box.mail.send({ to: 'a@example.com', text: 'x' });

    const without = await box.ask('/messages', { method: 'DELETE' });

    expect(without.status).toBe(403);
    expect(without.body).toContain('X-Mailbox');
    await expect(box.list()).resolves.toMatchObject({ total: 1 });
  });

  it('answers to nobody whom a proxy of this machine speaks for', async () => {
    await box.start({ adapter });
    const via = (forwarded: string): Promise<number[]> =>
      statuses({ 'x-forwarded-for': forwarded });

    await expect(via('203.0.113.9')).resolves.toEqual(REFUSED);
    await expect(via('127.0.0.1, 203.0.113.9')).resolves.toEqual(REFUSED);
    const own = await box.ask('', { 'x-forwarded-for': '127.0.0.1' });
    expect(own.status).toBe(200);
  });

  it('stands below the prefix, whatever the versions, behind the guards of the application', async () => {
    @Injectable()
    class EverybodyOut implements CanActivate {
      canActivate(): boolean {
        throw new UnauthorizedException('Log in.');
      }
    }
    const prepare = (app: { setGlobalPrefix(path: string): unknown }): void => {
      app.setGlobalPrefix('api');
      box.app.enableVersioning({ type: VersioningType.URI });
    };
    await box.start({ adapter, prepare });
    const { origin } = new URL(box.url);
    const page = await ask(`${origin}/api/dev/mailbox`);
    const nowhere = await box.ask();
    await box.close();
    const guard = { provide: APP_GUARD, useClass: EverybodyOut };
    await box.start({ adapter, metadata: { providers: [guard] } });

    expect(page.status).toBe(200);
    expect(page.body).toContain('src="mailbox/assets/main.js"');
    expect(nowhere.status).toBe(404);
    await expect(statuses({})).resolves.toEqual(PATHS.map(() => 401));
  });

  it('has a guard of its own, made by Nest, besides', async () => {
    @Injectable()
    class Knocked implements CanActivate {
      constructor(private readonly reflector: Reflector) {}

      canActivate(context: ExecutionContext): boolean {
        const word = this.reflector.get<string>('word', context.getClass());
        const { headers } = context
          .switchToHttp()
          .getRequest<{ headers: Record<string, string> }>();
        return headers['x-word'] === word;
      }
    }
    const mailbox = {
      guard: Knocked,
      decorators: [SetMetadata('word', 'sesame')],
    };
    await box.start({ adapter, mailbox });

    await expect(statuses({})).resolves.toEqual(REFUSED);
    const open = await box.ask('/messages', { 'x-word': 'sesame' });
    const remote = { host: 'evil.example', 'x-word': 'sesame' };
    expect(open.status).toBe(200);
    await expect(statuses(remote)).resolves.toEqual(REFUSED);
  });

  it('writes its answers itself, whatever interceptors make of others', async () => {
    const wrap = {
      provide: APP_INTERCEPTOR,
      useValue: {
        intercept: (_: unknown, next: { handle(): Observable<unknown> }) =>
          next.handle().pipe(map((data) => ({ data }))),
      },
    };
    const metadata = { providers: [wrap], controllers: [OwnController] };
    await box.start({ adapter, metadata });

    await expect(box.list()).resolves.toEqual({ messages: [], total: 0 });
    expect((await box.ask()).body).toMatch(/^<!doctype html>/);
    const own = await ask(`${new URL(box.url).origin}/own`);
    expect(JSON.parse(own.body)).toEqual({ data: 'own' });
  });

  it('is found with a slash behind its path where the platform lets that be', async () => {
    await box.start({ adapter });

    const { status, headers } = await box.ask('/');

    if (status === 404) return;
    expect(status).toBe(302);
    const target = new URL(String(headers['location']), `${box.url}/`);
    expect(target.href).toBe(box.url);
  });

  it('has a page that runs nothing but its own files', async () => {
    await box.start({ adapter });

    const { headers } = await box.ask();

    expect(headers['content-type']).toBe('text/html; charset=utf-8');
    expect(headers['content-security-policy']).toBe(
      "default-src 'none'; script-src 'self'; style-src 'self'; " +
        "img-src 'self'; connect-src 'self'; frame-src 'self'; " +
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'; " +
        "require-trusted-types-for 'script'; trusted-types 'none'",
    );
    expect(headers).toMatchObject({
      'cache-control': 'no-store',
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-resource-policy': 'same-origin',
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
    });
  });
});

import { describe, expect, it, vi } from 'vitest';
import {
  createTemplates,
  type FoundTemplate,
  type TemplateEngine,
} from 'nestjs-sendgrid-smtp/templates';

import { ATemplateFolder, refusalOf } from './a-template-folder.js';

const folder = ATemplateFolder.forEach();

/** Writes templates as they are, and counts what it compiles. */
function plain(): TemplateEngine & { compiled: number } {
  const engine: TemplateEngine = async ({ text }) => {
    counted.compiled += 1;
    return () => text;
  };
  const counted = Object.assign(engine, { compiled: 0 });
  return counted;
}

describe('in development', () => {
  it('a changed file shows in the next message', async () => {
    const engine = plain();
    const templates = folder.templates({ engines: { raw: engine } });
    folder.write({ 'a.raw': 'one', 'b.hbs': '{{> foot}}' });
    folder.write({ 'partials/foot.hbs': 'left' });
    const before = await templates.render('a', {});

    folder.write({ 'a.raw': 'two', 'partials/foot.hbs': 'right' });

    expect(before.html).toBe('one');
    expect((await templates.render('a', {})).html).toBe('two');
    expect((await templates.render('b', {})).html).toBe('right');
  });
});

describe('in production', () => {
  it('a template is compiled once, also when many ask at once', async () => {
    vi.stubEnv('NODE_ENV', 'production');
    const engine = plain();
    const templates = folder.templates({ engines: { raw: engine } });
    vi.unstubAllEnvs();
    folder.write({ 'a.raw': 'one' });

    const all = await Promise.all(
      Array.from({ length: 50 }, () => templates.render('a', {})),
    );
    folder.write({ 'a.raw': 'two' });
    const later = await templates.render('a', {});

    expect(engine.compiled).toBe(1);
    expect([...all, later].every(({ html }) => html === 'one')).toBe(true);
  });

  it('is looked for again once cacheMs are over, or when it is cleared', async () => {
    const now = vi.spyOn(performance, 'now').mockReturnValue(1000);
    folder.write({ 'a.raw': 'one' });
    const templates = folder.templates({
      engines: { raw: plain() },
      cacheMs: 500,
    });
    const html = async (): Promise<string | undefined> =>
      (await templates.render('a', {})).html;

    const first = await html();
    folder.write({ 'a.raw': 'two' });
    now.mockReturnValue(1499);
    const kept = await html();
    now.mockReturnValue(1500);
    const anew = await html();
    folder.write({ 'a.raw': 'three' });
    templates.clear();

    expect([first, kept, anew]).toEqual(['one', 'one', 'two']);
    expect(await html()).toBe('three');
  });

  it('a resolver is asked once for each template and locale', async () => {
    const resolve = vi.fn((name: string, locale: string | undefined) =>
      locale === undefined ? { html: { source: name, engine: 'hbs' } } : null,
    );
    const templates = createTemplates({
      resolver: { resolve },
      text: 'none',
      cacheMs: Infinity,
    });

    for (const locale of ['de', undefined, 'de', undefined]) {
      await templates.render('a', {}, { locale });
    }
    await templates.render('b', {});

    expect(resolve.mock.calls).toEqual([
      ['a', 'de'],
      ['a', undefined],
      ['a', undefined],
      ['b', undefined],
    ]);
  });

  it('a failure is not kept', async () => {
    let answers = 0;
    const resolve = async (): Promise<FoundTemplate> => {
      answers += 1;
      if (answers === 1) throw new Error('down, with SG.secret in it');
      return { html: { source: 'up', engine: 'hbs' } };
    };
    const templates = createTemplates({
      resolver: { resolve },
      text: 'none',
      cacheMs: Infinity,
    });

    const error = await refusalOf(templates.render('a', {}));

    expect(error).toMatchObject({ retryable: true, file: 'a' });
    expect(error.message).toContain('down');
    expect(error.message).not.toContain('secret');
    expect((await templates.render('a', {})).html).toBe('up');
  });

  it('keeps no more than a thousand, of whatever locales are asked for', async () => {
    const engine = plain();
    const templates = folder.templates({
      engines: { raw: engine },
      cacheMs: Infinity,
    });
    folder.write({ 'a.raw': 'one' });

    await templates.render('a', {});
    for (let n = 0; n < 1000; n += 1) {
      const locale = `de-x-${n}`;
      await templates.render('a', {}, { locale });
    }
    await templates.render('a', {}, { locale: 'de-x-999' });
    const before = engine.compiled;
    await templates.render('a', {});

    expect(before).toBe(1001);
    expect(engine.compiled).toBe(1002);
  });
});

describe('a resolver that does not answer', () => {
  it('is given up after ten seconds, and asked again', async () => {
    vi.useFakeTimers();
    try {
      const resolve = vi
        .fn<() => Promise<FoundTemplate>>()
        .mockReturnValueOnce(new Promise(() => undefined))
        .mockResolvedValue({ html: () => 'there' });
      const templates = createTemplates({
        resolver: { resolve },
        text: 'none',
        cacheMs: Infinity,
      });
      const refused = refusalOf(templates.render('a', {}));

      await vi.advanceTimersByTimeAsync(10_000);

      expect(await refused).toMatchObject({ retryable: true });
      expect((await templates.render('a', {})).html).toBe('there');
    } finally {
      vi.useRealTimers();
    }
  });
});

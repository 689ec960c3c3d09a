import { InvalidOptionsError } from 'nestjs-sendgrid-smtp';
import {
  createTemplates,
  type TemplatesOptions,
} from 'nestjs-sendgrid-smtp/templates';
import { describe, expect, it } from 'vitest';

import {
  defaultOf,
  loadPeer,
} from '../../../lib/templates/engines/load-peer.js';

function problemsOf(options: unknown): readonly string[] {
  try {
    createTemplates(options as TemplatesOptions);
  } catch (error) {
    if (!(error instanceof InvalidOptionsError)) throw error;
    return error.problems.map(({ option }) => option);
  }
  return [];
}

describe('createTemplates', () => {
  it('lists every problem at once', () => {
    const wrong = {
      directory: '',
      resolver: {},
      engines: { hbs: 'handlebars' },
      layout: '../x',
      partials: '/',
      fallbackLocale: 'not a tag',
      text: 'yes',
      inlineCss: 'yes',
      cacheMs: -1,
      verify: 'fail',
      direktory: 'x',
    };

    expect(problemsOf(wrong).toSorted()).toEqual(Object.keys(wrong).toSorted());
  });

  it.each([
    [{}, ['directory']],
    [null, ['options']],
    ['templates', ['options']],
    [{ directory: 'x', cacheMs: Number.NaN }, ['cacheMs']],
    [{ directory: 'x', engines: { '.hbs': () => undefined } }, ['engines']],
    [{ directory: 'x', cacheMs: Infinity, layout: () => undefined }, []],
  ])('takes %j with the problems %j', (options, problems) => {
    expect(problemsOf(options)).toEqual(problems);
  });
});

describe('a package that is not installed', () => {
  it.each([
    ['ERR_MODULE_NOT_FOUND', "Cannot find package 'ejs' imported from /x.js"],
    ['MODULE_NOT_FOUND', "Cannot find module 'ejs'\nRequire stack:\n- /x.js"],
  ])('is told with the command that installs it (%s)', async (code, text) => {
    const error = Object.assign(new Error(text), { code });

    const loading = loadPeer('ejs', () => Promise.reject(error));

    await expect(loading).rejects.toThrow(/npm install ejs$/);
  });

  it('is not blamed for what another is missing', async () => {
    const code = 'ERR_MODULE_NOT_FOUND';
    const text = "Cannot find package 'other' imported from ejs";
    const error = Object.assign(new Error(text), { code });

    const loading = loadPeer('ejs', () => Promise.reject(error));

    await expect(loading).rejects.toBe(error);
  });

  it.each([
    [{ default: { default: 1 } }, 1],
    [{ default: 1 }, 1],
  ])('is read whichever way it was loaded: %j', (module, exported) => {
    expect(defaultOf<number>(module)).toBe(exported);
  });
});

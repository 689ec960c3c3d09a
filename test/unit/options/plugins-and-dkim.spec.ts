import { describe, expect, it } from 'vitest';

import { PRIVATE_KEY } from './support/pem.js';
import { problemsWith, problemWith, resolveWith } from './support/problems.js';

const plugin = (): void => undefined;
const PEM = PRIVATE_KEY;
const BROKEN =
  '-----BEGIN PRIVATE KEY-----\nc2VjcmV0\n-----END PRIVATE KEY-----';
const DKIM = { domainName: 'a.example', keySelector: 's1', privateKey: PEM };

describe('plugins', () => {
  it('are taken in order', () => {
    const plugins = [
      { step: 'stream', plugin },
      { step: 'compile', plugin },
    ];

    expect(resolveWith({ plugins }).plugins).toEqual(plugins);
  });

  it.each([[5], [{ step: 'compile', plugin }], [[null]], [[plugin]]])(
    'refuse what is not a list of entries: %j',
    (plugins) => {
      expect(problemWith({ plugins })).toMatchObject({
        option: 'plugins',
        problem: expect.stringContaining('a list of `{ step, plugin }`'),
      });
    },
  );

  it('name the entry that is wrong', () => {
    const good = { step: 'compile', plugin };
    const plugins = [good, { step: 'send', plugin: 'x', order: 1 }, {}];

    const problems = problemsWith({ plugins });

    expect(problems.map(({ option }) => option)).toEqual([
      'plugins[1].order',
      'plugins[1].step',
      'plugins[1].plugin',
      'plugins[2].step',
      'plugins[2].plugin',
    ]);
  });
});

describe('dkim', () => {
  it.each([
    DKIM,
    { ...DKIM, privateKey: { key: PEM, passphrase: 'x' } },
    { ...DKIM, privateKey: Buffer.from(PEM) },
    { keys: [DKIM, DKIM], hashAlgo: 'sha256' },
    { keys: DKIM },
  ])('is nodemailer’s, with one key or several (%#)', (dkim) => {
    expect(resolveWith({ dkim }).dkim).toBe(dkim);
  });

  it.each([
    PEM,
    [],
    {},
    { ...DKIM, domainName: '' },
    { ...DKIM, keySelector: undefined },
    { ...DKIM, privateKey: '' },
    { ...DKIM, privateKey: null },
    { keys: [] },
    { keys: [DKIM, { ...DKIM, keySelector: 5 }] },
    { keys: [PEM] },
    { ...DKIM, privateKey: BROKEN },
    { ...DKIM, privateKey: Buffer.from('garbage') },
  ])('is refused without printing a private key (%#)', (dkim) => {
    const { option, problem } = problemWith({ dkim });

    expect(option).toBe('dkim');
    expect(problem).toMatch(/must (be|hold)/);
    expect(problem).not.toMatch(/BEGIN|c2VjcmV0|MC4CAQ/);
  });

  it('key in the place of another option is not printed', () => {
    const { problem } = problemWith({ host: PEM });

    expect(problem).toMatch(/must be a host name/);
    expect(problem).not.toMatch(/BEGIN|c2VjcmV0|MC4CAQ/);
  });
});

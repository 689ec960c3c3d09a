import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Type } from '@nestjs/common';
import {
  assertSent,
  mailMatchers,
  type FakeSendGrid,
  type MailCapture,
} from 'nestjs-sendgrid-smtp/testing';
import { expect, vi } from 'vitest';

import { BLOCKS_FOLDER } from '../../support/docs-blocks.js';
import { startCapturing, startRelayed } from '../support/capturing.js';
import type { Runs } from '../support/run.js';
import { until } from '../support/until.js';

const MESSAGE = { to: 'ada@example.com', subject: 'Hi', text: 'Hi' };

interface Signup {
  signup(dto: { email: string }): Promise<void>;
}

/** What the page says that a failed expectation looks like. */
function shownFailure(): string {
  const page = readFileSync('docs/testing.md', 'utf8');
  return /```text\n([\s\S]*?)\n```/.exec(page)?.[1] ?? '';
}

export const TESTING: Runs = {
  signup: async (load) => {
    const { signup } = await load<{ signup: () => Promise<void> }>();
    const log = vi.spyOn(console, 'log').mockReturnValue();
    const { Test } = await import('@nestjs/testing');
    const { SignupController } = (await import(
      join(BLOCKS_FOLDER, 'signup.controller.ts')
    )) as { SignupController: Type<Signup> };
    const create = Test.createTestingModule.bind(Test);
    // What sends, at the place where the page leaves it out.
    vi.spyOn(Test, 'createTestingModule').mockImplementation((metadata) => {
      const builder = create(metadata);
      const compile = builder.compile.bind(builder);
      builder.compile = async () => {
        const module = await compile();
        await module.get(SignupController).signup({ email: MESSAGE.to });
        return module;
      };
      return builder;
    });

    await signup();

    expect(log).toHaveBeenCalledWith(
      'Welcome',
      expect.stringContaining('welcome'),
      [MESSAGE.to],
    );
  },
  oneOfMany: async (load) => {
    const { oneOfMany } = await load<{
      oneOfMany: (mail: MailCapture) => Promise<void>;
    }>();
    const { mail, captured } = await startCapturing();
    const capture = captured();
    // The posts that the page leaves out: the first fails, as it is scripted.
    const post = async (to: string): Promise<void> => {
      await expect(mail.send({ ...MESSAGE, to })).rejects.toThrow('451');
      await mail.send({ ...MESSAGE, to });
    };
    const watched: MailCapture = {
      ...capture,
      only: (query) => {
        const to = typeof query.to === 'string' ? query.to : MESSAGE.to;
        setImmediate(() => void post(to));
        return capture.only(query);
      },
    };
    await mail.send(MESSAGE);

    await oneOfMany(watched);

    expect(capture.sent()).toMatchObject([{ recipients: [MESSAGE.to] }]);
  },
  'vitest.setup.ts': async (load) => {
    await load();

    const { mail, captured } = await startCapturing();
    await mail.send(MESSAGE);
    const capture = captured();
    expect(capture).toHaveSent({ to: MESSAGE.to });
    expect(() => expect(capture).toHaveSent({ to: 'eve@example.com' })).toThrow(
      'eve@',
    );
  },
  'jest.setup.ts': async (load) => {
    const extend = vi.fn();
    vi.stubGlobal('expect', { extend });

    await load();

    expect(extend).toHaveBeenCalledWith(mailMatchers);
  },
  expectations: async (load) => {
    const { expectations } = await load<{
      expectations: (mail: MailCapture) => void;
    }>();
    expect.extend(mailMatchers);
    const { mail, captured } = await startCapturing();
    const sendgrid = { categories: ['receipts'] };
    await mail.send({ ...MESSAGE, subject: 'Welcome', sendgrid });
    await mail.send({ ...MESSAGE, sendgrid });

    expectations(captured());

    captured().clear();
    const to = ['Ada@example.com', 'bob@example.com', 'cy@example.com'];
    await mail.send({ ...MESSAGE, to, subject: 'Your invoice 7' });
    await mail.send({ ...MESSAGE, to: 'eve@example.com', subject: 'Other' });
    const wanted = { to: 'ada@example.com', subject: /reminder/i };
    expect(() => assertSent(captured(), wanted)).toThrow(shownFailure());
  },
  scripts: async (load) => {
    const { scripts } = await load<{
      scripts: (relay: FakeSendGrid) => Promise<void>;
    }>();
    const { mail, relay } = await startRelayed();
    const running = scripts(relay);
    mail.enqueue(MESSAGE);
    await running;

    // The credits are there again: asked, as the next probe is a minute away.
    await until(() =>
      mail.verify().then(
        () => true,
        () => false,
      ),
    );
    await expect(
      mail.send({ ...MESSAGE, to: 'eve@example.com' }),
    ).rejects.toThrow('No such user');
  },
  creditsAlert: async (load) => {
    const { creditsAlert } = await load<{
      creditsAlert: (alerts: string[]) => Promise<void>;
    }>();
    vi.spyOn(console, 'log').mockReturnValue();
    const alerts: string[] = [];

    await creditsAlert(alerts);

    expect(alerts).toEqual(['Authentication failed: Maximum credits exceeded']);
  },
};

import type { MailMessage, SendOutcome } from 'nestjs-sendgrid-smtp';
import { firstValueFrom, toArray, type Observable } from 'rxjs';
import { expect, vi } from 'vitest';

import { startCapturing } from '../support/capturing.js';
import type { Runs } from '../support/run.js';

const MESSAGES: MailMessage[] = ['ada', 'bob'].map((name) => ({
  to: `${name}@example.com`,
  subject: 'News',
  text: 'Hi',
}));
const NOBODY: MailMessage = { subject: 'News', text: 'Hi' };

function readers(): { email: string; name: string }[] {
  return [{ email: 'ada@example.com', name: 'Ada' }];
}

export const BULK: Runs = {
  sendNewsletter: async (load) => {
    const { mail, captured } = await startCapturing();
    vi.stubGlobal('mail', mail);
    vi.stubGlobal('readers', readers);
    const log = vi.spyOn(console, 'log').mockReturnValue();

    const block = await load<{ sendNewsletter: () => Promise<void> }>();
    await block.sendNewsletter();

    expect(log).toHaveBeenCalledWith(1, 'all sent');
    expect(captured().lastTo('ada@example.com')?.text).toContain('Hello Ada');
  },
  report: async (load) => {
    const { mail } = await startCapturing();
    vi.stubGlobal('mail', mail);
    const log = vi.spyOn(console, 'log').mockReturnValue();

    const block = await load<{
      report: (messages: MailMessage[]) => Promise<void>;
    }>();
    await block.report([...MESSAGES, NOBODY]);

    expect(log).toHaveBeenCalledWith(2, 'not-sent', 'INVALID_MESSAGE');
    expect(log).toHaveBeenLastCalledWith(2, undefined);
  },
  failures: async (load) => {
    const { mail } = await startCapturing();
    vi.stubGlobal('mail', mail);

    const block = await load<{
      failures: (messages: MailMessage[]) => Observable<SendOutcome>;
    }>();
    const failed = await firstValueFrom(
      block.failures([NOBODY, ...MESSAGES]).pipe(toArray()),
    );

    expect(failed).toMatchObject([{ index: 0, status: 'not-sent' }]);
  },
  goOn: async (load) => {
    const { mail } = await startCapturing();
    const save = vi.fn();
    vi.stubGlobal('mail', mail);
    vi.stubGlobal('messagesFrom', () => MESSAGES);
    vi.stubGlobal('progress', { load: async () => 7, save });
    vi.spyOn(console, 'log').mockReturnValue();

    const block = await load<{ goOn: () => Promise<void> }>();
    await block.goOn();

    expect(save).toHaveBeenLastCalledWith(9);
  },
};

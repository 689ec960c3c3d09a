import {
  SendGridSmtpModule,
  type MailService,
  type SendGridSmtpOptions,
} from 'nestjs-sendgrid-smtp';
import { expect, vi } from 'vitest';

import { startCapturing } from '../support/capturing.js';
import { inFolderOf } from '../support/in-folder.js';
import type { Runs } from '../support/run.js';
import { start } from '../support/start.js';

export const SENDING: Runs = {
  examples: async (load) => {
    const { examples } = await load<{
      examples: (mail: MailService) => Promise<void>;
    }>();
    const { mail, captured } = await startCapturing();
    vi.spyOn(console, 'log').mockReturnValue();
    inFolderOf({ 'app.log': 'started' });

    await examples(mail);

    expect(captured().sent()).toHaveLength(4);
  },
  attachments: async (load) => {
    const { attachments } = await load<{
      attachments: SendGridSmtpOptions['attachments'];
    }>();

    const module = SendGridSmtpModule.forRoot({ mode: 'capture', attachments });

    // The one thing that the options lack on this machine.
    await expect(start({ imports: [module] })).rejects.toMatchObject({
      problems: [{ option: 'attachments.allowFiles' }],
    });
  },
  invite: async (load) => {
    const { invite } = await load<{
      invite: (mail: MailService) => Promise<void>;
    }>();
    const { mail, captured } = await startCapturing();

    await invite(mail);

    expect(captured().sent()[0]?.smtpApi).toMatchObject({
      category: ['invitations'],
      sub: { '-name-': ['Ada', 'Bob'] },
    });
  },
};

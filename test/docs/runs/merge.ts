import type {
  MailService,
  MergeOutcome,
  SendRun,
  SendTotals,
} from 'nestjs-sendgrid-smtp';
import { expect } from 'vitest';

import { startCapturing } from '../support/capturing.js';
import type { Runs } from '../support/run.js';

export const MERGE: Runs = {
  thankAll: async (load) => {
    const { thankAll } = await load<{
      thankAll: (mail: MailService) => Promise<SendTotals>;
    }>();
    const { mail, captured } = await startCapturing();

    const totals = await thankAll(mail);

    expect(totals).toMatchObject({ settled: 2, accepted: 2 });
    expect(captured().sent()[0]?.smtpApi).toMatchObject({
      to: ['Ada <ada@example.com>', 'bob@example.com'],
      sub: { '-name-': ['Ada', 'customer'], '-order-': ['7', '8'] },
    });
  },
  newsFor: async (load) => {
    const { newsFor } = await load<{
      newsFor: (
        mail: MailService,
        people: { email: string; name: string }[],
      ) => SendRun<MergeOutcome>;
    }>();
    const { mail, captured } = await startCapturing();

    await newsFor(mail, [{ email: 'ada@example.com', name: 'R&D' }]);

    expect(captured().sent()[0]?.smtpApi).toMatchObject({
      sub: { '-name-': ['R&amp;D'], '-plainName-': ['R&D'] },
    });
  },
};

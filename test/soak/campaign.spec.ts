import { describe, expect, it } from 'vitest';
import { describeCampaign, runCampaign } from '../support/soak/campaign.js';

const MESSAGES = Number(process.env['SOAK_MESSAGES'] ?? 100_000);

describe('a campaign of faults', () => {
  it(
    `brings ${MESSAGES} messages to the verdicts they are due`,
    { timeout: 3_600_000 },
    async () => {
      const seed = Number(process.env['SEED'] ?? Date.now() % 1_000_000);
      console.info(`seed ${seed} (set SEED to repeat)`);

      const report = await runCampaign(seed, MESSAGES);

      console.info(describeCampaign(report));
      expect(report.discrepancies).toEqual([]);
      expect(report.duplicates.get('fail')).toBe(0);
      expect(report.duplicates.get('retry')).toBeGreaterThan(0);
      expect(report.messages).toBeGreaterThanOrEqual(MESSAGES);
    },
  );
});

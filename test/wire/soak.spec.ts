import { describe, expect, it } from 'vitest';
import { describeCampaign, runCampaign } from '../support/soak/campaign.js';

const MESSAGES = 4800;

describe('a short soak', () => {
  it(
    'loses, duplicates and misreports nothing',
    { timeout: 180_000 },
    async () => {
      const seed = Number(process.env['SEED'] ?? Date.now() % 1_000_000);
      console.info(`seed ${seed} (set SEED to repeat)`);

      const report = await runCampaign(seed, MESSAGES);

      console.info(describeCampaign(report));
      expect(report.discrepancies).toEqual([]);
      expect(report.duplicates.get('fail')).toBe(0);
      expect(report.messages).toBe(MESSAGES);
      expect(report.struck.size).toBeGreaterThan(50);
    },
  );
});

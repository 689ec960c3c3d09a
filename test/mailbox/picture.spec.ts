import { readFile, writeFile } from 'node:fs/promises';
import type { Page } from 'playwright-core';
import { expect, it, vi } from 'vitest';
import { MailboxApp } from '../integration/support/mailbox-app.js';
import { TestBrowser } from './support/browser.js';
import { sendSamples } from './support/sample-mail.js';

const box = new MailboxApp();
const browser = new TestBrowser();

const PICTURE = new URL('../../docs/images/mailbox.png', import.meta.url);
const NOW = new Date('2026-11-26T09:41:07Z');
const MAX_BYTES = 150_000;
const IS_WANTED = process.env['MAILBOX_PICTURE'] === 'write';

/** The page as the README shows it. */
async function picture(): Promise<Buffer> {
  vi.setSystemTime(NOW);
  await box.start({
    mail: { defaults: { from: 'Outpost <hello@outpost.example>' } },
  });
  await sendSamples(box.mail);
  const options = { width: 1200, height: 720, now: NOW };
  const page = await browser.open(box.url, options);
  await page.getByRole('option').first().click();
  const frame = page.frameLocator('iframe');
  await frame.getByText('Welcome, Ada').waitFor();
  await frame
    .getByAltText('Outpost')
    .evaluate((logo) => (logo as HTMLImageElement).decode());
  await page.locator('.pulse:not(:empty)').waitFor();
  await page.evaluate(() => document.fonts.ready);
  return settled(page);
}

/** Some things are drawn a moment later: until two pictures are the same. */
async function settled(page: Page): Promise<Buffer> {
  let before = await page.screenshot();
  for (;;) {
    await page.waitForTimeout(250);
    const now = await page.screenshot();
    if (now.equals(before)) return now;
    before = now;
  }
}

it('is pictured in the README, the same each time', async () => {
  const taken = await picture();
  vi.useRealTimers();
  if (IS_WANTED) await writeFile(PICTURE, taken);

  const kept = await readFile(PICTURE);

  expect(kept.subarray(1, 4).toString()).toBe('PNG');
  expect(kept.length).toBeLessThan(MAX_BYTES);
  // Fonts differ from machine to machine; sizes do not.
  expect(kept.subarray(16, 24)).toEqual(taken.subarray(16, 24));
});

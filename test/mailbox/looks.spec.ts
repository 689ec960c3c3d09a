import type { Page } from 'playwright-core';
import { FakeSendGrid } from 'nestjs-sendgrid-smtp/testing';
import { describe, expect, it } from 'vitest';
import { MailboxApp } from '../integration/support/mailbox-app.js';
import { TestBrowser } from './support/browser.js';
import { sendSamples } from './support/sample-mail.js';
import { faintTexts } from './support/faint-texts.js';

const box = new MailboxApp();
const browser = new TestBrowser();
const SCHEMES = ['light', 'dark'] as const;

/** Whether something of the page is cut off, or beside it. */
function isTooWide(page: Page): Promise<boolean> {
  return page.evaluate(
    () => document.documentElement.scrollWidth > window.innerWidth,
  );
}

describe.each(SCHEMES)('the page in a %s scheme', (colorScheme) => {
  it.each([390, 1280])('is easy to read, %i pixels wide', async (width) => {
    const relay = await FakeSendGrid.start();
    try {
      await box.start({ mailbox: { deliver: true }, mail: relay.options });
      await sendSamples(box.mail);
      relay.fail('message', '550 5.1.1 No such user');
      await box.mail
        .send({ to: 'a@example.com', subject: 'Refused', text: 'x' })
        .catch(() => undefined);
      const page = await browser.open(box.url, { colorScheme, width });
      await page.getByText('rejected').first().waitFor();

      await expect(faintTexts(page)).resolves.toEqual([]);
      await expect(isTooWide(page)).resolves.toBe(false);
      await page.getByRole('option', { name: 'Autumn' }).click();
      for (const tab of ['Checks', 'Headers', 'Source', 'HTML']) {
        await page.getByRole('tab', { name: tab }).click();
        await expect(faintTexts(page)).resolves.toEqual([]);
      }
      await expect(isTooWide(page)).resolves.toBe(false);
      await page.keyboard.press('p');
      await page.getByText('account ok').waitFor();
      await expect(faintTexts(page)).resolves.toEqual([]);
      await expect(isTooWide(page)).resolves.toBe(false);
      await page.keyboard.press('?');
      await expect(faintTexts(page)).resolves.toEqual([]);
    } finally {
      await box.close();
      await relay.stop();
    }
  });
});

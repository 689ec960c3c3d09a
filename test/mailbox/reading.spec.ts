import { describe, expect, it } from 'vitest';
import { MailboxApp } from '../integration/support/mailbox-app.js';
import { PLATFORMS } from '../integration/support/platforms.js';
import { TestBrowser } from './support/browser.js';
import { sendSamples } from './support/sample-mail.js';

const box = new MailboxApp();
const browser = new TestBrowser();

describe.each(PLATFORMS)('the page on $platform', ({ adapter }) => {
  it('lists mail as it comes, and shows each part of it', async () => {
    await box.start({ adapter });
    const page = await browser.open(box.url);
    await page.getByText('No mail yet.').waitFor();

    await sendSamples(box.mail);
    const rows = page.getByRole('option');
    await rows.nth(4).waitFor();

    await expect(rows.allInnerTexts()).resolves.toEqual([
      expect.stringContaining('Welcome to Outpost, Ada'),
      expect.stringContaining('Autumn offers end on Sunday'),
      expect.stringContaining('Your invoice for October'),
      expect.stringContaining('Reset your password'),
      expect.stringContaining('Nightly backup finished'),
    ]);
    await expect(page.title()).resolves.toBe('Mailbox (5)');

    await rows.first().click();
    const frame = page.frameLocator('iframe');
    await frame.getByText('Welcome, Ada').waitFor();
    const logo = frame.getByAltText('Outpost');
    const width = await logo.evaluate((image) => image.clientWidth);
    expect(width).toBe(132);
    const panel = page.getByRole('tabpanel');
    const open = async (tab: string): Promise<string> => {
      await page.getByRole('tab', { name: tab }).click();
      return panel.innerText();
    };
    await expect(open('Text')).resolves.toContain('Hello Ada');
    await expect(open('Headers')).resolves.toContain('Content-Type');
    await expect(open('X-SMTPAPI')).resolves.toContain('"onboarding"');
    await expect(open('Attachments')).resolves.toContain('logo.svg');
    await open('Source');
    await panel.getByText('MIME-Version: 1.0').waitFor();
    await expect(open('Checks')).resolves.toContain('Nothing that SendGrid');
    await rows.nth(1).click();
    await panel.getByText('There is no text part').waitFor();
    expect(browser.complaints).toEqual([]);
    expect(browser.outside).toEqual([]);
  });

  it('works below a prefix', async () => {
    await box.start({
      adapter,
      prepare: (app) => app.setGlobalPrefix('api/v1'),
    });
    await sendSamples(box.mail);
    const { origin } = new URL(box.url);

    const page = await browser.open(`${origin}/api/v1/dev/mailbox`);

    await page.getByRole('option').nth(4).waitFor();
    expect(browser.complaints).toEqual([]);
  });
});

describe('the page', () => {
  it('is worked with keys', async () => {
    await box.start();
    await sendSamples(box.mail);
    const page = await browser.open(box.url);
    await page.getByRole('option').nth(4).waitFor();
    const press = (...keys: string[]): Promise<void> =>
      keys.reduce(
        (before, key) => before.then(() => page.keyboard.press(key)),
        Promise.resolve(),
      );
    const selected = page.getByRole('option', { selected: true });
    const tab = page.getByRole('tab', { selected: true });

    await press('j', 'j', 'ArrowDown', 'k');
    await expect(selected.innerText()).resolves.toContain('Autumn offers');
    await page.getByRole('heading', { name: 'Autumn offers' }).waitFor();
    await press(']');
    await expect(tab.innerText()).resolves.toContain('Checks');
    await press('[');
    await expect(tab.innerText()).resolves.toBe('HTML');
    await press('Enter');
    const focused = (): Promise<string | undefined> =>
      page.evaluate(() => document.activeElement?.id);
    await expect(focused()).resolves.toBe('panel');
    await press('Escape');
    await expect(focused()).resolves.toBe('list');

    await press('/');
    await page.keyboard.type('invoice');
    const rest = page.getByRole('option', { name: 'Autumn offers' });
    await rest.waitFor({ state: 'detached' });
    await expect(page.getByRole('option').count()).resolves.toBe(1);
    await press('Escape');
    await page.getByRole('option').nth(4).waitFor();

    await press('Escape', '?');
    await page.getByRole('dialog', { name: 'Keyboard' }).waitFor();
    await press('j', 'Escape', 'p');
    await page.getByRole('main', { name: 'Pool' }).waitFor();
    await press('m');
    await page.getByRole('option').first().waitFor();
    // Of nothing but the image that is blocked.
    const others = browser.complaints.filter(
      (text) => !text.includes('https://cdn.example/autumn.jpg'),
    );
    expect(others).toEqual([]);
  });

  it('is cleared once that is confirmed', async () => {
    await box.start();
    await sendSamples(box.mail);
    const page = await browser.open(box.url);
    await page.getByRole('option').nth(4).waitFor();

    await page.getByRole('button', { name: 'Clear' }).click();
    await page.getByRole('button', { name: 'Keep' }).click();
    await expect(box.list()).resolves.toMatchObject({ total: 5 });
    await page.getByRole('button', { name: 'Clear' }).click();
    await page.getByRole('dialog').getByText('Clear', { exact: true }).click();

    await page.getByText('No mail yet.').waitFor();
    await expect(box.list()).resolves.toMatchObject({ total: 0 });
  });

  it('keeps the message in the address, and goes back to the list', async () => {
    await box.start();
    await sendSamples(box.mail);
    const page = await browser.open(box.url, { width: 390 });
    const row = page.getByRole('option', { name: 'Your invoice' });

    await row.click();
    const heading = page.getByRole('heading', { name: 'Your invoice' });
    await heading.waitFor();
    await expect(row.isVisible()).resolves.toBe(false);
    await page.reload();
    await heading.waitFor();
    await page.getByRole('button', { name: 'Messages' }).click();

    await row.waitFor();
  });

  it('catches up once the application is there again', async () => {
    await box.start();
    const page = await browser.open(box.url);
    await page.getByText('No mail yet.').waitFor();
    const { port } = new URL(box.url);
    await box.close();
    await page.getByText('Connecting again').waitFor();

    await box.start({ port: Number(port) });
    await sendSamples(box.mail);

    await page.getByRole('option').nth(4).waitFor();
    await expect(page.getByText('Connecting again').count()).resolves.toBe(0);
  });
});

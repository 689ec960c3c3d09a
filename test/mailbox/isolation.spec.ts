import { describe, expect, it } from 'vitest';
import { MailboxApp } from '../integration/support/mailbox-app.js';
import { TestBrowser } from './support/browser.js';

const box = new MailboxApp();
const browser = new TestBrowser();

const EVIL = `<!doctype html><html><head>
  <meta http-equiv="refresh" content="0;url=https://refresh.example/">
  <base href="https://base.example/">
  <link rel="stylesheet" href="https://style.example/a.css">
  <link rel="prefetch" href="https://prefetch.example/">
  <link rel="dns-prefetch" href="https://dns.example/">
  <style>@import "https://import.example/a.css"; body { background: url(https://background.example/a.png) }</style>
</head><body>
  <p id="shown">Shown</p>
  <script>document.getElementById('shown').textContent = 'Script ran'; parent.document.title = 'Owned'</script>
  <img src="https://pixel.example/p.gif" onerror="document.body.textContent = 'Handler ran'">
  <img srcset="https://srcset.example/p.gif 2x">
  <iframe src="https://frame.example/"></iframe>
  <object data="https://object.example/"></object>
  <video src="https://video.example/a.mp4" poster="https://poster.example/a.png"></video>
  <form action="https://form.example/"><button id="send">Send</button></form>
  <a id="link" href="https://link.example/" rel="opener">Link</a>
  <a id="top" href="https://top.example/" target="_top">Link</a>
  <a id="script-link" href="javascript:document.body.textContent='Url ran'">Link</a>
</body></html>`;

async function openEvil(): Promise<Awaited<ReturnType<TestBrowser['open']>>> {
  await box.start();
  await box.mail.send({ to: 'a@example.com', subject: 'Evil', html: EVIL });
  const page = await browser.open(box.url);
  await page.getByRole('option').click();
  await page.frameLocator('iframe').getByText('Shown').waitFor();
  return page;
}

describe('the html of a message in the page', () => {
  it('runs nothing and asks nobody', async () => {
    const page = await openEvil();
    const frame = page.frameLocator('iframe');

    await frame.locator('#send').click();
    await frame.locator('#script-link').click();
    await page.waitForTimeout(500);

    await expect(frame.locator('#shown').innerText()).resolves.toBe('Shown');
    await expect(page.title()).resolves.toBe('Mailbox (1)');
    expect(browser.outside).toEqual([]);
  });

  it('shows images of other places once asked to, and nothing else of them', async () => {
    const page = await openEvil();

    const pixel = page.waitForRequest('https://pixel.example/p.gif');
    await page.keyboard.press('i');
    const headers = await (await pixel).allHeaders();

    await expect
      .poll(() => browser.outside.toSorted(), { timeout: 10_000 })
      .toEqual([
        'https://background.example/a.png',
        'https://pixel.example/p.gif',
        'https://poster.example/a.png',
        'https://srcset.example/p.gif',
      ]);
    expect(headers).not.toHaveProperty('referer');
    const frame = page.frameLocator('iframe');
    await expect(frame.locator('#shown').innerText()).resolves.toBe('Shown');
  });

  it('opens links in windows that know nothing of the page', async () => {
    const page = await openEvil();
    const frame = page.frameLocator('iframe');

    await frame.locator('#top').click();
    const popup = browser.context.waitForEvent('page');
    await frame.locator('#link').click();
    const opened = await popup;
    await opened.getByText('Elsewhere').waitFor();

    expect(opened.url()).toBe('https://link.example/');
    await expect(opened.evaluate(() => window.opener)).resolves.toBeNull();
    await expect(opened.evaluate(() => document.referrer)).resolves.toBe('');
    expect(page.url()).toContain('/dev/mailbox#/m/');
    expect(browser.outside).toEqual(['https://link.example/']);
  });

  it('has no more rights when it is opened by itself', async () => {
    const page = await openEvil();
    const src = await page.locator('iframe').getAttribute('src');

    const alone = await browser.open(src ?? '');

    await expect(alone.locator('#shown').innerText()).resolves.toBe('Shown');
    const rights = await alone.evaluate(() => {
      try {
        return window.origin + localStorage.length;
      } catch (error) {
        return `${window.origin} ${(error as Error).name}`;
      }
    });
    expect(rights).toBe('null SecurityError');
    expect(browser.outside).toEqual([]);
  });
});

import { FakeSendGrid } from 'nestjs-sendgrid-smtp/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { MailboxApp } from '../integration/support/mailbox-app.js';
import { TestBrowser } from './support/browser.js';

const box = new MailboxApp();
const browser = new TestBrowser();
let relay: FakeSendGrid;

beforeAll(async () => {
  relay = await FakeSendGrid.start();
});
afterAll(() => relay.stop());

const MAIL = { to: 'ada@example.com', subject: 'Hello', text: 'Hi' };

it('shows what the pool does, as it does it', async () => {
  const pool = { maxConnections: 2, maxMessagesPerConnection: 100 };
  const mail = { ...relay.options, pool };
  await box.start({ mailbox: { deliver: true }, mail });
  const page = await browser.open(`${box.url}#/pool`);
  const card = page.getByRole('article', { name: 'default' });
  await card.getByText('account ok').waitFor();
  await card.getByText('None is open').waitFor();

  await box.mail.send(MAIL);
  await card.getByText('idle, 1 of ').waitFor({ state: 'attached' });
  await card.getByText('accepted1').waitFor();
  box.mail.pause('incident 12');
  const held = box.mail.send(MAIL, { lane: 'urgent' });
  await card.getByText('paused: incident 12').waitFor();
  await card.getByText('urgent1oldest').waitFor();
  box.mail.resume();
  await held;
  await card.getByText('accepted2').waitFor();
  await card.getByText('idle, 2 of ').waitFor({ state: 'attached' });

  await expect(page.locator('#delivery').innerText()).resolves.toBe(
    'Mail is sent too',
  );
  expect(browser.complaints).toEqual([]);
});

it('says that nothing is sent where nothing is', async () => {
  await box.start();
  const page = await browser.open(`${box.url}#/pool`);

  await page.getByText("mode 'capture': nothing is sent").waitFor();

  await expect(page.locator('#delivery').innerText()).resolves.toBe(
    'Nothing is sent',
  );
});

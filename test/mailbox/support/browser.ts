import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, type BrowserContext, type Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll } from 'vitest';

/** Where Debian's package has the program. */
export const CHROMIUM = '/usr/bin/chromium';

const FLAGS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** What a page is opened with. */
export interface PageOptions {
  readonly width?: number;
  readonly height?: number;
  readonly colorScheme?: 'light' | 'dark';
  readonly reducedMotion?: 'reduce' | 'no-preference';

  /** What its clock shows all the time. */
  readonly now?: Date;
}

/** A browser for the tests of one file, and what its pages have asked for. */
export class TestBrowser {
  #context: BrowserContext | undefined;
  #folder = '';

  /** Addresses of other hosts that a page has asked for. */
  readonly outside: string[] = [];

  /** What pages have complained of: errors, and what their policies stopped. */
  readonly complaints: string[] = [];

  constructor() {
    beforeAll(async () => {
      this.#folder = await mkdtemp(join(tmpdir(), 'mailbox-'));
      this.#context = await chromium.launchPersistentContext(this.#folder, {
        executablePath: CHROMIUM,
        args: FLAGS,
        chromiumSandbox: false,
        locale: 'en-GB',
        timezoneId: 'UTC',
      });
      // Nothing leaves this machine, whatever a page asks for.
      await this.#context.route('**/*', async (route) => {
        const { hostname, href } = new URL(route.request().url());
        if (hostname === '127.0.0.1') return route.continue();
        this.outside.push(href);
        return route.fulfill({ contentType: 'text/html', body: 'Elsewhere' });
      });
    });
    afterEach(async () => {
      for (const page of this.#context?.pages() ?? []) await page.close();
      this.outside.length = 0;
      this.complaints.length = 0;
    });
    afterAll(async () => {
      await this.#context?.close();
      await rm(this.#folder, { recursive: true, force: true });
    });
  }

  get context(): BrowserContext {
    if (this.#context === undefined) throw new Error('It is not started yet');
    return this.#context;
  }

  async open(
    url: string,
    {
      width = 1280,
      height = 800,
      colorScheme = 'light',
      reducedMotion = 'reduce',
      now,
    }: PageOptions = {},
  ): Promise<Page> {
    const page = await this.context.newPage();
    page.on('pageerror', (error) => this.complaints.push(String(error)));
    page.on('console', (message) => {
      if (message.type() !== 'error') return;
      this.complaints.push(message.text());
    });
    await page.setViewportSize({ width, height });
    await page.emulateMedia({ colorScheme, reducedMotion });
    if (now !== undefined) await page.clock.setFixedTime(now);
    await page.goto(url);
    return page;
  }
}

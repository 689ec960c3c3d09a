import { access, constants } from 'node:fs/promises';
import { run } from '../../support/servers/run.js';
import { CHROMIUM } from './browser.js';

const COMMAND =
  'apt-get update && apt-get install --yes chromium fonts-dejavu-core';

/** Has the browser at hand before any test starts one. */
export async function setup(): Promise<void> {
  if (await isThere(CHROMIUM)) return;
  if (process.getuid?.() !== 0 || !(await isThere('/usr/bin/apt-get'))) {
    throw new Error(
      `These tests need the Debian package chromium at ${CHROMIUM}. Run as root: ${COMMAND}`,
    );
  }
  await run('sh', ['-c', COMMAND], {
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
  });
}

async function isThere(program: string): Promise<boolean> {
  try {
    await access(program, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

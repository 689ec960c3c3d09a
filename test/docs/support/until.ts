import { vi } from 'vitest';

const PATIENCE_MS = 15_000;

/** Resolves once it is so; a machine may be busy. */
export async function until(
  isSo: () => boolean | Promise<boolean>,
): Promise<void> {
  await vi.waitUntil(isSo, { timeout: PATIENCE_MS, interval: 20 });
}

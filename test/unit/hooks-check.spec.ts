import { Logger } from '@nestjs/common';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

const warnings = vi.fn<(message: unknown) => void>();

beforeEach(() => {
  warnings.mockReset();
  vi.spyOn(Logger.prototype, 'warn').mockImplementation(warnings);
});

// The test runner asks for its own listeners when it ends.
afterEach(() => {
  vi.restoreAllMocks();
});

/** The check of a process that has not sent yet. */
async function newProcess(listeners: number): Promise<() => void> {
  vi.resetModules();
  const { warnWithoutShutdownHooks } = await import('../../lib/hooks-check.js');
  vi.spyOn(process, 'listenerCount').mockReturnValue(listeners);
  return warnWithoutShutdownHooks;
}

describe('The first send of a process', () => {
  it('warns when nothing listens for SIGTERM; later ones do not', async () => {
    const send = await newProcess(0);
    send();
    send();

    expect(warnings).toHaveBeenCalledExactlyOnceWith(
      expect.stringContaining('app.enableShutdownHooks()'),
    );
  });

  it('does not warn when something does, nor do sends after that is gone', async () => {
    const send = await newProcess(1);
    send();
    // Nest takes its listeners away when it has shut down.
    vi.spyOn(process, 'listenerCount').mockReturnValue(0);
    send();

    expect(warnings).not.toHaveBeenCalled();
  });
});

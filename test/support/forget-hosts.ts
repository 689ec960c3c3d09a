import { afterEach } from 'vitest';

import { PerHost } from '../../lib/smtp/per-host.js';

// Servers of different tests may get the same port.
afterEach(() => {
  PerHost.forgetAll();
});

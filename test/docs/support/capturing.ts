import type { Type } from '@nestjs/common';
import { SendGridSmtpModule } from 'nestjs-sendgrid-smtp';
import { FakeSendGrid } from 'nestjs-sendgrid-smtp/testing';
import { onTestFinished } from 'vitest';

import { start, type Started } from './start.js';

const defaults = { from: 'Shop <hello@shop.example>' };

/** An application that keeps its mail, for a page's functions and controllers. */
export function startCapturing(
  controllers: readonly Type[] = [],
): Promise<Started> {
  return start({
    imports: [SendGridSmtpModule.forRoot({ mode: 'capture', defaults })],
    controllers: [...controllers],
  });
}

/** The same over SendGrid on loopback. */
export async function startRelayed(): Promise<
  Started & { readonly relay: FakeSendGrid }
> {
  const relay = await startRelay();
  const started = await start(
    { imports: [SendGridSmtpModule.forRoot({ defaults, apiKey: 'SG.x.y' })] },
    { ...relay.options, shutdown: { timeoutMs: 100 } },
  );
  return { ...started, relay };
}

/** SendGrid on loopback, until the test ends. */
export async function startRelay(): Promise<FakeSendGrid> {
  const relay = await FakeSendGrid.start();
  onTestFinished(() => relay.stop());
  return relay;
}

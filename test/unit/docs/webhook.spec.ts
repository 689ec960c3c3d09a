import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { WebhookRootOptions } from '../../../lib/webhook/options/webhook-root.options.js';
import type { SendGridWebhookModuleExtras } from '../../../lib/webhook/sendgrid-webhook-module.options.js';

const ROOT = join(import.meta.dirname, '../../..');
const EXAMPLES = join(ROOT, 'test/outbox/examples');
const PAGE = readFileSync(join(ROOT, 'docs/webhook.md'), 'utf8');

/** As TypeScript knows them: one more or less is an error here. */
const EXTRAS: Readonly<Record<keyof SendGridWebhookModuleExtras, true>> = {
  path: true,
  decorators: true,
  isGlobal: true,
};

describe('docs/webhook.md', () => {
  it('shows the stores over Redis as `npm run test:outbox` runs them', () => {
    const blocks = Array.from(
      PAGE.matchAll(/```ts\n([\s\S]*?)```/g),
      ([, code = '']) => code,
    );
    const shown = blocks.filter((code) =>
      code.includes('readonly redis: Redis'),
    );

    const run = readdirSync(EXAMPLES).map((name) =>
      readFileSync(join(EXAMPLES, name), 'utf8'),
    );

    expect(shown.toSorted()).toEqual(run.toSorted());
    expect(run).toHaveLength(3);
  });

  it('has a row for every option', () => {
    const [, section = ''] = /## Options\n([\s\S]*?)\n## /.exec(PAGE) ?? [];
    const rows = [...section.matchAll(/^\| `(\w+)` +\|/gm)].map(
      ([, name = '']) => name,
    );

    const names = [
      ...Object.keys(new WebhookRootOptions()),
      ...Object.keys(EXTRAS),
    ];
    expect(rows.toSorted()).toEqual(names.toSorted());
  });
});

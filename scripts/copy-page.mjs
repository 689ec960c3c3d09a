// The mailbox's page needs no build: both builds get its files as they are.
import { cpSync } from 'node:fs';

for (const build of ['dist', 'dist/cjs']) {
  cpSync('lib/mailbox/page', `${build}/mailbox/page`, { recursive: true });
}

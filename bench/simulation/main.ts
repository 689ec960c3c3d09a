// `npm run simulate`: writes docs/scaling.md, the same on every run.
import { writeFileSync } from 'node:fs';

import { inRepository } from '../peers.js';
import { page } from './page.js';

const PAGE = 'docs/scaling.md';

writeFileSync(inRepository(PAGE), await page());
console.info(`Written to ${PAGE}`);

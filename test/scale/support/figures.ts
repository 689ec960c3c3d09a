import { mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** Where a run leaves what it measured, for the page to be written from. */
export const FIGURES = fileURLToPath(
  new URL('../../../build/scale/', import.meta.url),
);

/** Keeps what a test measured. */
export function recordFigures(name: string, figures: object): void {
  mkdirSync(FIGURES, { recursive: true });
  writeFileSync(`${FIGURES}${name}.json`, JSON.stringify(figures, null, 2));
}

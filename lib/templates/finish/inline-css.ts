import { loadPeer } from '../engines/load-peer.js';

// Nothing is fetched, and what cannot be inlined, such as media queries, stays.
const OPTIONS = { loadRemoteStylesheets: false, keepAtRules: true };

/** Loads what puts the rules of `<style>` into `style` attributes. */
export async function loadInlineCss(): Promise<(html: string) => string> {
  const { inline } = await loadPeer(
    '@css-inline/css-inline',
    () => import('@css-inline/css-inline'),
  );
  return (html) => inline(html, OPTIONS);
}

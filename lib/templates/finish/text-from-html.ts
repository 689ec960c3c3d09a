import { loadPeer } from '../engines/load-peer.js';

/** Makes plain text of html. */
export type ToText = (html: string) => string | Promise<string>;

/** What of html-to-text is used. */
interface HtmlToText {
  compile(options: object): (html: string) => string;
}

const HEADINGS = ['h1', 'h2', 'h3', 'h4', 'h5', 'h6'];

const OPTIONS = {
  wordwrap: 78,
  selectors: [
    { selector: 'img', format: 'skip' },
    { selector: 'a', options: { hideLinkHrefIfSameAsText: true } },
    ...HEADINGS.map((selector) => ({
      selector,
      options: { uppercase: false },
    })),
  ],
};

/** Loads html-to-text, which reads its options once. */
export async function loadToText(): Promise<ToText> {
  const converter = await loadPeer(
    'html-to-text',
    load,
    ", or set `text: 'none'` for mail without plain text",
  );
  return converter.compile(OPTIONS);
}

async function load(): Promise<HtmlToText> {
  // @ts-expect-error -- the package has no types
  const module: unknown = await import('html-to-text');
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the part of its interface that is used
  return module as HtmlToText;
}

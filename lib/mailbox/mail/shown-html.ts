import type { ReadFile, ReadMail } from './read-mail.js';

const DOCTYPE = /^\s*<!doctype[^>]*>/i;
/** Browsers connect to what these name whatever a policy says. */
const LINK = /<link(?=[\s/>])/gi;
const CID = /cid:([^"'\s)>]+)/gi;
const REMOTE =
  /(?:\b(?:src|srcset|background|poster)\s*=\s*["']?\s*|url\(\s*["']?\s*|@import\s+["']\s*)(?:https?:)?\/\//i;

/** Whether html asks for anything from elsewhere. */
export function asksElsewhere(html: string): boolean {
  return REMOTE.test(html);
}

/**
 * The html of a message as a page of its own: embedded images in place of
 * their Content-IDs, anchors in another window, and nothing to connect to ahead.
 * The rest stays: the headers that it is served with leave it neither scripts
 * nor requests.
 */
export function shownHtml({ html = '', files }: ReadMail): string {
  const byId = new Map(
    files.flatMap((file) =>
      file.contentId === undefined ? [] : [[file.contentId, file] as const],
    ),
  );
  const body = html.replaceAll(CID, (whole, id: string) => {
    const file = byId.get(decoded(id));
    return file === undefined ? whole : dataUrl(file);
  });
  const [doctype = '<!doctype html>'] = DOCTYPE.exec(body) ?? [];
  // Renamed, since what is left when a tag is cut out may be another.
  const rest = body.replace(DOCTYPE, '').replaceAll(LINK, '<x-link');
  // Ahead of the message's own: of several the first counts.
  return `${doctype}<base target="_blank">${rest}`;
}

function decoded(id: string): string {
  try {
    return decodeURIComponent(id);
  } catch {
    // Not escaped after all.
    return id;
  }
}

function dataUrl({ contentType, bytes }: ReadFile): string {
  const type = /^image\/[\w.+-]+$/.test(contentType)
    ? contentType
    : 'application/octet-stream';
  return `data:${type};base64,${bytes.toString('base64')}`;
}

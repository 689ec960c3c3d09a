import type { Readable } from 'node:stream';

import type { ContentAccess } from './content-access.js';
import { isFields } from './header-entries.js';
import { locatedContent } from './located-content.js';
import { nodesOf, rawOf, type MimeTree } from './mime-tree.js';

/**
 * Puts what opens it in the place of a path or URL that a plugin has put into
 * a message after it was admitted: nodemailer would refuse it.
 *
 * @throws MailError `INVALID_MESSAGE` when it may not be read
 */
export function locateTree(root: MimeTree, access: ContentAccess): void {
  const openers = new Map<unknown, () => Readable>();
  const replace = (node: MimeTree, name: string, content: unknown): void => {
    if (!isFields(content) || typeof content['pipe'] === 'function') return;
    // Nodes that share content, as those of a calendar event do, go on sharing it.
    const open =
      openers.get(content) ?? locatedContent(content, 'content', access);
    if (open === undefined) return;
    openers.set(content, open);
    Reflect.set(node, name, open);
  };
  for (const node of nodesOf(root)) {
    replace(node, 'content', node.content);
    replace(node, '_raw', rawOf(node));
  }
}

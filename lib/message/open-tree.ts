import { Readable, Transform, pipeline } from 'node:stream';

import MimeNode from 'nodemailer/lib/mime-node';

import { invalidMessage } from './invalid-message.js';
import {
  isKnownTree,
  nodesOf,
  rawOf,
  transformsOf,
  type MimeTree,
} from './mime-tree.js';

/**
 * Tells whether the tree can be streamed more than once: whether nothing in it
 * is a stream that was opened already.
 */
export function isReusable(root: MimeTree): boolean {
  const nodes = nodesOf(root);
  const sources = nodes.flatMap((node) => [node.content, rawOf(node)]);
  const transforms = transformsOf(root);
  return (
    isKnownTree(nodes) &&
    !sources.some(isStream) &&
    transforms.every((transform) => typeof transform === 'function')
  );
}

/**
 * Streams the tree. Functions in the place of content are called for the
 * streams to read.
 *
 * @throws MailError `INVALID_MESSAGE` when a stream cannot be opened or was
 * used before
 */
export function openTree(root: MimeTree): Readable {
  const nodes = nodesOf(root);
  // On a copy, since nodemailer's clean-up of one reading would destroy the streams of the next.
  const tree = isKnownTree(nodes) ? copyTree(root) : root;
  const sources = new ContentSources();
  try {
    for (const node of nodesOf(tree)) {
      const content = sources.open(node.content);
      if (content !== undefined) node.setContent(content);
      const raw = sources.openRaw(rawOf(node), node);
      if (raw !== undefined) node.setRaw(raw);
    }
    return tree.createReadStream();
  } catch (error) {
    sources.destroy();
    throw error;
  }
}

function copyTree(node: MimeTree, parent?: MimeTree): MimeTree {
  const copy: MimeTree = Object.assign(new MimeNode(), node);
  copy.parentNode = parent;
  copy.rootNode = parent?.rootNode ?? copy;
  copy.childNodes = node.childNodes.map((child) => copyTree(child, copy));
  return copy;
}

type Flagged = Readable & { _resolve?: boolean };

/** The streams of one reading, each source opened once. */
class ContentSources {
  readonly #opened = new Map<unknown, Flagged>();

  /** The stream to read a content from; undefined when it needs none. */
  open(content: unknown): Readable | undefined {
    if (typeof content !== 'function' && !isStream(content)) return undefined;
    const known = this.#opened.get(content);
    if (known !== undefined) {
      // nodemailer's mark for a stream that two nodes share, as those of a calendar event do.
      known._resolve = true;
      return known;
    }
    return this.#add(
      content,
      typeof content === 'function' ? call(content) : content,
    );
  }

  /** The same for pregenerated content, of which nodes cannot share a stream. */
  openRaw(raw: unknown, node: MimeTree): Readable | undefined {
    return typeof raw === 'function'
      ? this.#add(node, call(raw))
      : this.open(raw);
  }

  destroy(): void {
    for (const stream of this.#opened.values()) stream.destroy();
  }

  #add(source: unknown, stream: Readable): Readable {
    const opened = checked(stream);
    this.#opened.set(source, opened);
    return opened;
  }
}

function isStream(value: unknown): value is Readable {
  return (
    typeof value === 'object' &&
    value !== null &&
    'pipe' in value &&
    typeof value.pipe === 'function'
  );
}

function call(source: Function): Readable {
  let stream: unknown;
  try {
    stream = source();
  } catch (cause) {
    throw invalidMessage('A function that should open content has thrown.', {
      cause,
    });
  }
  if (isStream(stream)) return stream;
  throw invalidMessage(
    'A function given as content must return a readable stream, not a ' +
      'promise or anything else.',
  );
}

/** Passes a content stream on, and fails on chunks that are not text or bytes. */
function checked(source: Readable): Readable {
  if (source.destroyed || source.readableEnded || source.errored) {
    throw invalidMessage(
      'A content stream has failed, was destroyed or was read before. Pass ' +
        'a fresh one, or a function that opens it.',
      source.errored ? { cause: source.errored } : {},
    );
  }
  const output = new Transform({
    writableObjectMode: true,
    transform(chunk: unknown, _encoding, done) {
      if (typeof chunk === 'string' || chunk instanceof Uint8Array) {
        done(null, chunk);
      } else {
        done(invalidMessage('A content stream must give strings or Buffers.'));
      }
    },
  });
  return pipeline(source, output, () => undefined);
}

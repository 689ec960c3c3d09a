import { statSync } from 'node:fs';
import { isAbsolute, parse, resolve } from 'node:path';

import { AllowedUrls, allowedUrlsProblem } from './allowed-urls.js';
import { DEFAULTS } from './defaults.js';
import { OptionGroup } from './option-group.js';
import type { ResolvedAttachments } from './resolved-options.js';
import { Rule } from './rule.js';
import { Milliseconds } from './rules.js';

/** Which files and URLs may be content; `docs/attachments.md` has the rules. */
export interface SendGridSmtpAttachmentsOptions {
  /**
   * Absolute path of a directory. Its regular files may be content, given as
   * `path`; relative ones are looked for there. Nothing outside of it is read,
   * through symbolic links neither.
   *
   * @defaultValue none: files are refused
   */
  readonly allowFiles?: string | undefined;

  /**
   * Hosts whose URLs may be content, given as `href` or `path`:
   * `cdn.shop.example`, `cdn.shop.example:8443`, `*.shop.example` (all its
   * sub-domains). Only https, unless an entry begins with `http://`. A name
   * must have public addresses only; a private address is reached only where
   * it is an entry itself, such as `https://10.0.0.7:8443`.
   *
   * @defaultValue none: URLs are refused
   */
  readonly allowUrls?: readonly string[] | undefined;

  /**
   * Milliseconds that may be spent waiting for one URL, redirects and body
   * included, at least 1. While the relay is slow to take the body, they do
   * not run.
   *
   * @defaultValue 10000
   */
  readonly urlTimeoutMs?: number | undefined;
}

/** Validates {@link SendGridSmtpAttachmentsOptions}. */
export class AttachmentsOptions extends OptionGroup {
  @Rule(directoryProblem)
  readonly allowFiles: string | undefined = undefined;

  @Rule(allowedUrlsProblem)
  readonly allowUrls: readonly string[] | undefined = undefined;

  @Milliseconds()
  readonly urlTimeoutMs = DEFAULTS.urlTimeoutMs;

  toAttachments(): ResolvedAttachments {
    const { allowFiles, allowUrls, urlTimeoutMs } = this;
    return Object.freeze({
      directory: allowFiles && resolve(allowFiles),
      urls: allowUrls && new AllowedUrls(allowUrls),
      urlTimeoutMs,
    });
  }
}

function directoryProblem(path: unknown): string | undefined {
  if (typeof path !== 'string' || !isAbsolute(path))
    return 'must be the absolute path of a directory, {got}: a relative one would depend on where the process was started; use `path.resolve`';
  if (resolve(path) === parse(resolve(path)).root)
    return 'must be a directory of its own, {got}: every file of the machine could be sent';
  return isDirectory(path)
    ? undefined
    : 'must be a directory that exists and that this process may read, {got}';
}

function isDirectory(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch {
    // Whatever the reason, nothing could be read there.
    return false;
  }
}

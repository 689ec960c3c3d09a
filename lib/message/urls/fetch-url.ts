import * as http from 'node:http';
import * as https from 'node:https';

import { isMailError } from '../../errors/mail-error.js';
import type { AllowedUrls } from '../../options/allowed-urls.js';
import { tooLarge } from '../invalid-message.js';
import { admitUrl } from './admit-url.js';
import {
  PrivateAddressError,
  publicLookup,
  type LookUpAll,
} from './public-lookup.js';
import { fetchFailed, type NamedUrl } from './url-errors.js';

/** How URLs are fetched. */
export interface FetchSettings {
  readonly allowed: AllowedUrls;
  readonly timeoutMs: number;
  readonly maxBytes: number;

  /** In place of the system's, for tests. */
  readonly lookUp?: LookUpAll;

  /** Certificate authorities in place of Node.js's own, for tests. */
  readonly ca?: string;
}

const MAX_REDIRECTS = 5;
const REDIRECTS = new Set([301, 302, 303, 307, 308]);

/** What may be otherwise when it is asked for again. */
const PASSING = new Set([408, 425, 429, 500, 502, 503, 504]);

/**
 * Asks for a URL, following redirects; each is checked as the URL was. Sends
 * neither cookies nor credentials. `signal` ends all of it, the body too.
 *
 * @returns the answer with its body unread
 * @throws MailError `INVALID_MESSAGE` naming field and host
 */
export async function fetchUrl(
  named: NamedUrl,
  settings: FetchSettings,
  signal: AbortSignal,
  redirects = MAX_REDIRECTS,
): Promise<http.IncomingMessage> {
  const answer = await ask(named, settings, signal);
  const { statusCode = 0, headers } = answer;
  if (!REDIRECTS.has(statusCode) || headers.location === undefined) {
    return admitAnswer(answer, named, settings);
  }
  // Its body is of no use, and might never end.
  answer.destroy();
  if (redirects === 0) throw fetchFailed(named, 'it redirects too often');
  const { allowed } = settings;
  const next = admitUrl(headers.location, named.field, allowed, named.url);
  return fetchUrl(next, settings, signal, redirects - 1);
}

function ask(
  named: NamedUrl,
  { lookUp, ca }: FetchSettings,
  signal: AbortSignal,
): Promise<http.IncomingMessage> {
  const { request } = named.url.protocol === 'https:' ? https : http;
  return new Promise((resolve, reject) => {
    const sent = request(named.url, {
      // A connection of its own: one of a pool might lead to an address that was not checked.
      agent: false,
      lookup: publicLookup(lookUp),
      rejectUnauthorized: true,
      ca,
      signal,
      headers: {
        accept: '*/*',
        'accept-encoding': 'identity',
        'user-agent': 'nestjs-sendgrid-smtp',
      },
    });
    sent.on('response', resolve);
    sent.on('error', (error) => reject(connectionFailed(named, error)));
    sent.end();
  });
}

function admitAnswer(
  answer: http.IncomingMessage,
  named: NamedUrl,
  { maxBytes }: FetchSettings,
): http.IncomingMessage {
  const { statusCode = 0, headers } = answer;
  if (statusCode < 200 || statusCode > 299) {
    const retryable = PASSING.has(statusCode);
    throw fetchFailed(named, `it answered ${statusCode}`, { retryable });
  }
  const encoding = headers['content-encoding'] ?? 'identity';
  if (encoding.toLowerCase() !== 'identity') {
    throw fetchFailed(named, 'it compressed the content, unasked');
  }
  if (Number(headers['content-length']) > maxBytes) throw tooLarge(maxBytes);
  return answer;
}

/** Turns what a request or an answer ended with into a `MailError`. */
export function connectionFailed(named: NamedUrl, cause: unknown): Error {
  if (isMailError(cause)) return cause;
  if (cause instanceof PrivateAddressError) {
    return fetchFailed(
      named,
      'the name has an address that is not public; list that address itself ' +
        'in `attachments.allowUrls`, if it is meant',
      { cause },
    );
  }
  // Not its text, which may tell addresses.
  const code: unknown = Reflect.get(Object(cause), 'code');
  const reason = `the connection failed (${String(code)})`;
  return fetchFailed(named, reason, { cause, retryable: true });
}

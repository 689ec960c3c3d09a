/**
 * @typedef {import('../mail/mailbox-message.js').MailboxList} MailboxList
 * @typedef {import('../mail/mailbox-message.js').MailboxMessage} MailboxMessage
 * @typedef {import('../mail/mailbox-message.js').MailboxSummary} MailboxSummary
 * @typedef {import('../pool/mailbox-pool.js').MailboxPool} MailboxPool
 */

/** The page's own address, whatever the prefix: this file is in `<page>/assets/`. */
const ROOT = new URL('../', import.meta.url);

/** How long to wait before connecting again, in milliseconds. */
const RETRY_MS = 2000;

/**
 * @param {string} id
 * @param {string} [part] such as `html` or `attachments/0`
 * @returns {string}
 */
export function addressOf(id, part = '') {
  return new URL(
    `messages/${encodeURIComponent(id)}/${part}`,
    ROOT,
  ).href.replace(/\/$/, '');
}

/**
 * @param {string} search
 * @param {AbortSignal} signal
 * @returns {Promise<MailboxList>}
 */
export async function listMessages(search, signal) {
  const url = new URL('messages', ROOT);
  url.searchParams.set('limit', '1000');
  if (search !== '') url.searchParams.set('search', search);
  return (await ask(url, { signal })).json();
}

/**
 * @param {string} id
 * @param {AbortSignal} signal
 * @returns {Promise<MailboxMessage>}
 */
export async function readMessage(id, signal) {
  return (await ask(addressOf(id), { signal })).json();
}

/**
 * @param {string} id
 * @returns {Promise<string>}
 */
export async function readSource(id) {
  return (await ask(addressOf(id, 'source'))).text();
}

/** @returns {Promise<void>} */
export async function clearMessages() {
  await ask(new URL('messages', ROOT), {
    method: 'DELETE',
    headers: { 'X-Mailbox': 'clear' },
  });
}

/**
 * Listens to what happens; the browser connects again by itself.
 *
 * @param {{
 *   opened: () => void,
 *   lost: () => void,
 *   messages: (changed: MailboxList) => void,
 *   reload: () => void,
 *   pool: (pool: MailboxPool) => void,
 * }} to
 * @returns {void}
 */
export function listen(to) {
  const events = new EventSource(new URL('events', ROOT));
  events.addEventListener('open', to.opened);
  events.addEventListener('error', () => {
    to.lost();
    // What was answered with an error, the browser gives up.
    const isOver = events.readyState === EventSource.CLOSED;
    if (isOver) setTimeout(() => listen(to), RETRY_MS);
  });
  events.addEventListener('messages', ({ data }) =>
    to.messages(JSON.parse(data)),
  );
  events.addEventListener('reload', to.reload);
  events.addEventListener('pool', ({ data }) => to.pool(JSON.parse(data)));
}

/**
 * @param {string | URL} url
 * @param {RequestInit} [init]
 * @returns {Promise<Response>}
 */
async function ask(url, init) {
  const response = await fetch(url, init);
  if (!response.ok) throw new Error(`The mailbox answered ${response.status}.`);
  return response;
}

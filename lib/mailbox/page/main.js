import { clearMessages, listen, listMessages, readMessage } from './api.js';
import { byId, h, setText } from './dom.js';
import { counted, number, rate } from './format.js';
import { onKeys } from './keys.js';
import { MessageList } from './list.js';
import { MessageView } from './message.js';
import { PoolBoard } from './pool.js';

/**
 * @typedef {import('./api.js').MailboxList} MailboxList
 * @typedef {import('./api.js').MailboxSummary} MailboxSummary
 * @typedef {import('./api.js').MailboxPool} MailboxPool
 */

/** How long typing rests before it is searched, in milliseconds. */
const REST_MS = 150;

/** As many as the list holds. */
const MOST = 1000;

const search = byId('search', HTMLInputElement);
const box = byId('list', HTMLElement);
const content = byId('content', HTMLElement);
const empty = byId('empty', HTMLElement);
const help = byId('keys', HTMLDialogElement);
const confirmation = byId('confirm', HTMLDialogElement);

const board = new PoolBoard(byId('pool', HTMLElement));
const view = new MessageView(content, () => goTo(''));
const list = new MessageList(box, (id) => goTo(`m/${id}`));

/** @type {MailboxSummary[]} */
let summaries = [];
let total = 0;
let listing = new AbortController();
let reading = new AbortController();
let wasOpen = false;

/**
 * The message looked at last, also while the pool is.
 *
 * @type {string | undefined}
 */
let latest;

/** Reads the list, what is searched being in it. */
async function reload() {
  listing.abort();
  listing = new AbortController();
  const { signal } = listing;
  try {
    const found = await listMessages(search.value.trim(), signal);
    summaries = [...found.messages];
    total = found.total;
    showList();
    if (list.selected !== undefined && !has(list.selected)) void open();
  } catch (error) {
    if (!signal.aborted) tellLink(String(error));
  }
}

/** @param {string} id */
function has(id) {
  return summaries.some((one) => one.id === id);
}

function showList() {
  list.show(summaries);
  list.select(list.selected);
  setText(byId('count', HTMLElement), total === 0 ? '' : number(total));
  const isSearch = search.value.trim() !== '';
  empty.hidden = summaries.length > 0;
  empty.replaceChildren(
    h('p', {}, isSearch ? 'Nothing matches.' : 'No mail yet.'),
    isSearch
      ? ''
      : h('p', { class: 'dim' }, 'What the application sends shows up here.'),
  );
  document.title = total === 0 ? 'Mailbox' : `Mailbox (${number(total)})`;
}

/** @param {MailboxList} news */
function onMessages({ messages: changed, total: now }) {
  // Which of them match, the server knows.
  if (search.value.trim() !== '') return void reload();
  const fresh = changed.filter(({ id }) => !has(id));
  const updates = new Map(changed.map((one) => [one.id, one]));
  total = now;
  // The oldest go first there too.
  summaries = [
    ...fresh.toReversed(),
    ...summaries.map((one) => updates.get(one.id) ?? one),
  ]
    .toSorted((one, other) => other.at - one.at)
    .slice(0, Math.min(total, MOST));
  showList();
  if (fresh.length > 0) announce(`${counted(fresh.length, 'new message')}.`);
  const shown = list.selected;
  if (
    shown !== undefined &&
    updates.has(shown) &&
    !fresh.some(({ id }) => id === shown)
  ) {
    void open();
  }
}

/** @param {MailboxPool} pool */
function onPool(pool) {
  board.take(pool);
  const perSecond = pool.parts.reduce((sum, part) => sum + part.perSecond, 0);
  const bad = pool.parts.some(
    ({ stats }) => stats.account !== 'ok' || stats.outageMs !== undefined,
  );
  const held = pool.parts.some(({ stats }) => stats.paused !== undefined);
  const pulse = byId('pulse', HTMLElement);
  pulse.className = `pulse ${bad ? 'error' : held ? 'warning' : 'fine'}`;
  setText(pulse, `${rate(perSecond)}/s`);
  const sends = pool.parts.some(({ mode }) => mode === 'smtp');
  const delivery = byId('delivery', HTMLElement);
  delivery.hidden = pool.parts.length === 0;
  delivery.className = `chip ${sends ? 'sends' : ''}`;
  setText(delivery, sends ? 'Mail is sent too' : 'Nothing is sent');
}

async function clear() {
  try {
    await clearMessages();
    goTo('');
  } catch (error) {
    tellLink(String(error));
  }
}

/** Shows what the address names. */
async function open() {
  const isPool = location.hash === '#/pool';
  byId('mail', HTMLElement).hidden = isPool;
  byId('pool', HTMLElement).hidden = !isPool;
  byId('to-mail', HTMLElement).setAttribute(
    'aria-current',
    isPool ? 'false' : 'page',
  );
  byId('to-pool', HTMLElement).setAttribute(
    'aria-current',
    isPool ? 'page' : 'false',
  );
  if (isPool) return board.draw();
  const id = idInAddress();
  latest = id;
  document.body.classList.toggle('reading', id !== undefined);
  list.select(id);
  reading.abort();
  reading = new AbortController();
  const { signal } = reading;
  if (id === undefined)
    return view.blank('Choose a message: j and k go through them.');
  try {
    view.show(await readMessage(id, signal));
  } catch {
    if (signal.aborted) return;
    view.blank('This message is gone: the mailbox keeps the newest ones only.');
  }
}

/** @returns {string | undefined} */
function idInAddress() {
  return /^#\/m\/([\w-]+)$/.exec(location.hash)?.[1];
}

/** @param {string} where */
function goTo(where) {
  const hash = `#/${where}`;
  if (location.hash === hash) return;
  // Going back leads to the list, rather than through every message.
  const isNext = location.hash.startsWith('#/m/') && where.startsWith('m/');
  if (isNext) history.replaceState(undefined, '', hash);
  else history.pushState(undefined, '', hash);
  void open();
}

/** @param {string} text */
function announce(text) {
  setText(byId('announce', HTMLElement), text);
}

/** @param {string} text */
function tellLink(text) {
  setText(byId('link', HTMLElement), text);
}

function back() {
  if (document.activeElement === search && search.value !== '') {
    search.value = '';
    void reload();
    return;
  }
  if (matchMedia('(max-width: 56rem)').matches) goTo('');
  box.focus();
}

/** @param {KeyboardEvent} event @param {number} by */
function move(event, by) {
  if (byId('mail', HTMLElement).hidden) return;
  // In a message the arrows scroll.
  const scrolls =
    event.key.startsWith('Arrow') && content.contains(document.activeElement);
  if (scrolls) return;
  event.preventDefault();
  list.move(by);
}

onKeys({
  j: (event) => move(event, 1),
  k: (event) => move(event, -1),
  ArrowDown: (event) => move(event, 1),
  ArrowUp: (event) => move(event, -1),
  Home: (event) => move(event, -MOST),
  End: (event) => move(event, MOST),
  '/': (event) => {
    event.preventDefault();
    search.select();
  },
  Enter: ({ target }) => {
    if (target !== box && target !== search && target !== document.body) return;
    if (list.selected === undefined) list.move(0);
    const panel = content.querySelector('.panel');
    if (panel instanceof HTMLElement) panel.focus();
    else content.focus();
  },
  Escape: back,
  '[': () => view.turn(-1),
  ']': () => view.turn(1),
  i: () => view.showImages(),
  m: () => goTo(latest === undefined ? '' : `m/${latest}`),
  p: () => goTo('pool'),
  '?': () => help.showModal(),
});

let typing = 0;
search.addEventListener('input', () => {
  clearTimeout(typing);
  typing = setTimeout(() => void reload(), REST_MS);
});
byId('help', HTMLButtonElement).addEventListener('click', () =>
  help.showModal(),
);
byId('clear', HTMLButtonElement).addEventListener('click', () => {
  confirmation.showModal();
});
byId('confirm-no', HTMLButtonElement).addEventListener('click', () => {
  confirmation.close();
});
byId('confirm-yes', HTMLButtonElement).addEventListener('click', () => {
  confirmation.close();
  void clear();
});
window.addEventListener('hashchange', () => void open());
byId('to-mail', HTMLElement).addEventListener('click', (event) => {
  event.preventDefault();
  goTo(latest === undefined ? '' : `m/${latest}`);
});

listen({
  opened: () => {
    tellLink('');
    // What came while nobody listened.
    if (wasOpen) void reload();
    wasOpen = true;
  },
  lost: () => tellLink('Connecting again…'),
  messages: onMessages,
  reload: () => void reload(),
  pool: onPool,
});
await reload();
await open();

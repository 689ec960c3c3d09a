import { h, svg } from './dom.js';
import { duration, number, percent, rate } from './format.js';

/**
 * @typedef {import('./api.js').MailboxPool} MailboxPool
 * @typedef {import('../pool/mailbox-pool.js').MailboxPoolPart} Part
 */

/** How many seconds the line of the rate goes back. */
const SECONDS = 90;

/** So many connections have room for a number each. */
const ROOMY = 40;

const LANES = /** @type {const} */ (['urgent', 'normal', 'bulk']);
const OUTCOMES = /** @type {const} */ ([
  ['accepted', 'accepted'],
  ['rejected', 'rejected'],
  ['unknown', 'unknown'],
  ['notSent', 'not sent'],
  ['pending', 'pending'],
]);

/** What the pools do, drawn anew each second. */
export class PoolBoard {
  #box;
  /** @type {Map<string, number[]>} */
  #rates = new Map();
  /** @type {MailboxPool | undefined} */
  #latest;

  /** @param {HTMLElement} box */
  constructor(box) {
    this.#box = box;
  }

  /**
   * @param {MailboxPool} pool
   * @returns {void}
   */
  take(pool) {
    const rates = new Map();
    for (const part of pool.parts) {
      const key = keyOf(part);
      const before = this.#rates.get(key) ?? [];
      rates.set(key, [...before, part.perSecond].slice(-SECONDS));
    }
    this.#rates = rates;
    this.#latest = pool;
    if (!this.#box.hidden) this.draw();
  }

  /** @returns {void} */
  draw() {
    const parts = this.#latest?.parts ?? [];
    const cards = parts.map((part) =>
      card(part, this.#rates.get(keyOf(part)) ?? []),
    );
    this.#box.replaceChildren(
      ...(cards.length > 0
        ? cards
        : [h('p', { class: 'blank' }, 'No mail instance is shown here.')]),
    );
  }
}

/** @param {Part} part */
function keyOf({ instance, tenant }) {
  return JSON.stringify([instance, tenant]);
}

/**
 * @param {Part} part
 * @param {readonly number[]} rates
 */
function card(part, rates) {
  const { stats, instance, tenant, relay, mode } = part;
  const title = tenant === undefined ? instance : `${instance} / ${tenant}`;
  return h(
    'article',
    { class: 'card', 'aria-label': title },
    h(
      'header',
      { class: 'card-head' },
      h('h2', {}, title),
      h('span', { class: 'dim' }, relay ?? `mode '${mode}': nothing is sent`),
      accountPill(part),
    ),
    h(
      'div',
      { class: 'figures' },
      figure('Rate', rate(part.perSecond), 'per second', spark(rates)),
      figure(
        'Queue',
        number(stats.queue.messages),
        `of ${number(part.maxQueued)}`,
        meter(stats.queue.messages, part.maxQueued, 'Places taken', true),
      ),
      figure(
        'Connections',
        number(stats.connections.open),
        `of ${number(part.maxConnections)}`,
        meter(stats.connections.open, part.maxConnections, 'Connections'),
      ),
      part.rateLimit === undefined
        ? undefined
        : figure(
            'Rate limit',
            number(part.rateLimit.used),
            `of ${number(part.rateLimit.messages)} per ${duration(part.rateLimit.perMs)}`,
            meter(
              part.rateLimit.used,
              part.rateLimit.messages,
              'Rate limit',
              true,
            ),
          ),
    ),
    h(
      'div',
      { class: 'columns' },
      block('Waiting, by lane', lanes(stats)),
      block('Outcomes', outcomes(stats.totals)),
    ),
    mode === 'smtp'
      ? block('Connections, used of their cap', connections(part))
      : undefined,
  );
}

/** @param {Part} part */
function accountPill({ stats, mode }) {
  const { account, paused, outageMs } = stats;
  if (paused !== undefined) return pill('warning', `paused: ${paused}`);
  if (account === 'refused') return pill('error', 'key refused');
  if (account === 'paused') return pill('error', 'account paused');
  if (outageMs !== undefined) {
    return pill('error', `no connection for ${duration(outageMs)}`);
  }
  return pill('fine', mode === 'smtp' ? 'account ok' : 'capturing');
}

/**
 * @param {string} level
 * @param {string} text
 */
function pill(level, text) {
  return h('span', { class: `pill ${level}` }, text);
}

/**
 * @param {string} name
 * @param {string} value
 * @param {string} unit
 * @param {Element} drawing
 */
function figure(name, value, unit, drawing) {
  return h(
    'div',
    { class: 'figure' },
    h('h3', {}, name),
    h('p', {}, h('strong', {}, value), ' ', h('span', { class: 'dim' }, unit)),
    drawing,
  );
}

/**
 * @param {string} title
 * @param {Element} content
 */
function block(title, content) {
  return h('section', { class: 'block' }, h('h3', {}, title), content);
}

/**
 * @param {number} value
 * @param {number} max
 * @param {string} label
 * @param {boolean} [warns] whether it is no good when it is full
 */
function meter(value, max, label, warns = false) {
  const share = max > 0 ? Math.min(value / max, 1) : 0;
  const bar = h('span', { class: warns && share > 0.9 ? 'fill full' : 'fill' });
  bar.style.inlineSize = `${share * 100}%`;
  return h(
    'div',
    {
      class: 'meter',
      role: 'meter',
      'aria-label': label,
      'aria-valuenow': String(value),
      'aria-valuemin': '0',
      'aria-valuemax': String(max),
    },
    bar,
  );
}

/** @param {readonly number[]} rates */
function spark(rates) {
  const max = Math.max(...rates, 1);
  const x = (/** @type {number} */ n) =>
    ((n + SECONDS - rates.length) / (SECONDS - 1)) * 100;
  const y = (/** @type {number} */ one) => 22 - (one / max) * 20;
  const points = rates.map(
    (one, n) => `${x(n).toFixed(2)},${y(one).toFixed(2)}`,
  );
  const first = x(0).toFixed(2);
  return svg(
    'svg',
    {
      class: 'spark',
      viewBox: '0 0 100 24',
      preserveAspectRatio: 'none',
      'aria-hidden': 'true',
    },
    svg('polygon', {
      class: 'spark-area',
      points: `${first},23 ${points.join(' ')} 100,23`,
    }),
    svg('polyline', { class: 'spark-line', points: points.join(' ') }),
  );
}

/** @param {Part['stats']} stats */
function lanes({ queue }) {
  const most = Math.max(...LANES.map((lane) => queue.byLane[lane].messages), 1);
  return h(
    'ul',
    { class: 'lanes' },
    ...LANES.map((lane) => {
      const { messages, oldestMs } = queue.byLane[lane];
      return h(
        'li',
        {},
        h('span', { class: 'lane' }, lane),
        meter(messages, most, `Waiting in lane ${lane}`),
        h('span', { class: 'amount' }, number(messages)),
        h(
          'span',
          { class: 'dim age' },
          messages === 0 ? '' : `oldest ${duration(oldestMs)}`,
        ),
      );
    }),
  );
}

/** @param {Part['stats']['totals']} totals */
function outcomes(totals) {
  const bar = h('div', { class: 'stack', 'aria-hidden': 'true' });
  for (const [name] of OUTCOMES) {
    if (totals[name] === 0) continue;
    const piece = h('span', { class: `piece ${name}` });
    piece.style.flexGrow = String(totals[name]);
    bar.append(piece);
  }
  return h(
    'div',
    {},
    bar,
    h(
      'ul',
      { class: 'legend' },
      ...OUTCOMES.map(([name, title]) =>
        h(
          'li',
          {},
          h('span', { class: `dot ${name}` }),
          h('span', {}, title),
          h('strong', {}, number(totals[name])),
        ),
      ),
    ),
  );
}

/** @param {Part['connections'][number]} connection */
function wire({ state, messages, cap, ageMs }) {
  const share = Math.min(messages / Math.max(cap, 1), 1);
  const used = h('span', { class: 'wire-fill' });
  used.style.blockSize = `${share * 100}%`;
  const text = `${state}, ${number(messages)} of ${number(cap)}, for ${duration(ageMs)}`;
  return h(
    'li',
    { class: `wire ${state}`, title: text },
    h('span', { class: 'wire-box', 'aria-hidden': 'true' }, used),
    h('span', { class: 'wire-share', 'aria-hidden': 'true' }, percent(share)),
    h('span', { class: 'unseen' }, text),
  );
}

/** @param {Part} part */
function connections({ connections: all, stats, maxConnections }) {
  if (all.length === 0) {
    return h(
      'p',
      { class: 'dim' },
      'None is open: the next message opens one.',
    );
  }
  const more = stats.connections.open - all.length;
  const free = Math.min(Math.max(maxConnections - all.length, 0), 40);
  return h(
    'div',
    {},
    h(
      'ul',
      { class: all.length > ROOMY ? 'wires dense' : 'wires' },
      ...all.map(wire),
      ...Array.from({ length: free }, () =>
        h(
          'li',
          { class: 'wire free', 'aria-hidden': 'true' },
          h('span', { class: 'wire-box' }),
        ),
      ),
    ),
    h(
      'ul',
      { class: 'legend' },
      ...['busy', 'idle', 'connecting', 'leaving'].map((state) =>
        h('li', {}, h('span', { class: `dot ${state}` }), state),
      ),
      more > 0
        ? h('li', { class: 'dim' }, `and ${number(more)} more`)
        : undefined,
    ),
  );
}

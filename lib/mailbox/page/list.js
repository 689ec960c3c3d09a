import { h, setText, svg } from './dom.js';
import { counted, number, shortTime, STATES } from './format.js';

/** @typedef {import('./api.js').MailboxSummary} MailboxSummary */

/** The rows of the messages, newest first; one of them may be selected. */
export class MessageList {
  #box;
  /** @type {(id: string) => void} */
  #onSelect;
  /** @type {Map<string, { row: HTMLElement, text: string }>} */
  #rows = new Map();
  /** @type {string | undefined} */
  #selected;

  /**
   * @param {HTMLElement} box
   * @param {(id: string) => void} onSelect
   */
  constructor(box, onSelect) {
    this.#box = box;
    this.#onSelect = onSelect;
    box.addEventListener('click', ({ target }) => {
      const row = target instanceof Element && target.closest('.row');
      if (row instanceof HTMLElement) this.#choose(row.id.slice('row-'.length));
    });
  }

  /** @returns {string | undefined} */
  get selected() {
    return this.#selected;
  }

  /** @returns {number} */
  get size() {
    return this.#rows.size;
  }

  /**
   * Shows just these, keeping the rows that are there already.
   *
   * @param {readonly MailboxSummary[]} summaries newest first
   * @returns {void}
   */
  show(summaries) {
    const wanted = new Set(summaries.map(({ id }) => id));
    for (const [id, { row }] of this.#rows) {
      if (wanted.has(id)) continue;
      row.remove();
      this.#rows.delete(id);
    }
    let before = this.#box.firstElementChild;
    for (const summary of summaries) {
      const row = this.#rowOf(summary);
      if (row === before) before = before.nextElementSibling;
      else this.#box.insertBefore(row, before);
    }
  }

  /**
   * Marks a row as selected, or none.
   *
   * @param {string | undefined} id
   * @returns {void}
   */
  select(id) {
    const before = this.#selected;
    this.#rows.get(before ?? '')?.row.setAttribute('aria-selected', 'false');
    this.#selected = id;
    const { row } = this.#rows.get(id ?? '') ?? {};
    if (row === undefined)
      return this.#box.removeAttribute('aria-activedescendant');
    row.setAttribute('aria-selected', 'true');
    if (id !== before) row.scrollIntoView({ block: 'nearest' });
    this.#box.setAttribute('aria-activedescendant', row.id);
  }

  /**
   * Selects the row that is so many further down.
   *
   * @param {number} by
   * @returns {void}
   */
  move(by) {
    const rows = [...this.#box.children];
    const at = rows.findIndex((row) => row.id === `row-${this.#selected}`);
    const next =
      at === -1 ? 0 : Math.min(Math.max(at + by, 0), rows.length - 1);
    const row = rows[next];
    if (row !== undefined) this.#choose(row.id.slice('row-'.length));
  }

  /** @param {string} id */
  #choose(id) {
    this.select(id);
    this.#onSelect(id);
  }

  /** @param {MailboxSummary} summary */
  #rowOf(summary) {
    const text = JSON.stringify(summary);
    const known = this.#rows.get(summary.id);
    if (known?.text === text) return known.row;
    const row = known?.row ?? newRow(summary.id);
    row.replaceChildren(...contentOf(summary));
    this.#rows.set(summary.id, { row, text });
    return row;
  }
}

/** @param {string} id */
function newRow(id) {
  return h('div', {
    class: 'row',
    id: `row-${id}`,
    role: 'option',
    'aria-selected': 'false',
  });
}

/**
 * @param {MailboxSummary} summary
 * @returns {Node[]}
 */
function contentOf(summary) {
  const { subject, preview, at, attachments, state, worst, tenant } = summary;
  const isOdd = worst === 'error' || worst === 'warning';
  const time = h('time', { datetime: new Date(at).toISOString() });
  setText(time, shortTime(at));
  return [
    h(
      'div',
      { class: 'row-head' },
      h('span', { class: 'row-to' }, recipientsOf(summary)),
      time,
    ),
    h('div', { class: 'row-subject' }, subject || '(no subject)'),
    h(
      'div',
      { class: 'row-foot' },
      h('span', { class: 'row-preview' }, preview),
      tenant === undefined ? undefined : h('span', { class: 'tag' }, tenant),
      attachments === 0
        ? undefined
        : h(
            'span',
            { class: 'tag', title: counted(attachments, 'attachment') },
            clip(),
            number(attachments),
          ),
      isOdd
        ? h(
            'span',
            { class: `mark ${worst}`, title: `has a ${worst}` },
            h('span', { class: 'unseen' }, `has a ${worst}`),
            '!',
          )
        : undefined,
      stateOf(state),
    ),
  ];
}

/** @param {MailboxSummary} summary */
function recipientsOf({ to, recipients }) {
  const [first = '(nobody)'] = to;
  return recipients > 1 ? `${first} +${recipients - 1}` : first;
}

/**
 * What is as it should be takes little room.
 *
 * @param {MailboxSummary['state']} state
 */
function stateOf(state) {
  if (state === 'captured') return undefined;
  const isFine = state === 'accepted';
  return h(
    'span',
    { class: isFine ? 'sent' : `state ${state}`, title: STATES[state] },
    h('span', { class: isFine ? 'unseen' : '' }, STATES[state]),
  );
}

function clip() {
  return svg(
    'svg',
    { class: 'clip', viewBox: '0 0 16 16', 'aria-hidden': 'true' },
    svg('path', {
      d: 'm13.5 7.5-5.6 5.6a3.2 3.2 0 0 1-4.5-4.5l6-6a2.1 2.1 0 0 1 3 3l-5.9 5.9a1 1 0 0 1-1.5-1.5l5.2-5.2',
    }),
  );
}

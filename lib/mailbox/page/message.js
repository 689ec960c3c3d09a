import { addressOf, readSource } from './api.js';
import { h } from './dom.js';
import { counted, size, STATES, wholeTime } from './format.js';

/**
 * @typedef {import('./api.js').MailboxMessage} MailboxMessage
 * @typedef {{ id: string, title: string, count?: number, level?: string, show: () => Node }} Tab
 */

/** What a mail's html may do in its frame: open links in other windows. */
const SANDBOX = 'allow-popups allow-popups-to-escape-sandbox';

/** One message with its tabs. */
export class MessageView {
  #box;
  /** The tab looked at last, also for the next message. */
  #tab = 'html';
  /** @type {Tab[]} */
  #tabs = [];
  /** @type {string | undefined} */
  #shown;
  #images = false;
  #narrow = false;
  /** @type {() => void} */
  #onBack;

  /**
   * @param {HTMLElement} box
   * @param {() => void} onBack
   */
  constructor(box, onBack) {
    this.#box = box;
    this.#onBack = onBack;
  }

  /**
   * Shows that there is nothing to show.
   *
   * @param {string} text
   * @returns {void}
   */
  blank(text) {
    this.#shown = undefined;
    this.#tabs = [];
    this.#box.replaceChildren(this.#back(), h('p', { class: 'blank' }, text));
  }

  /**
   * @param {MailboxMessage} message
   * @returns {void}
   */
  show(message) {
    if (message.id !== this.#shown) this.#images = false;
    this.#shown = message.id;
    this.#tabs = this.#tabsOf(message);
    const current = this.#current;
    this.#box.replaceChildren(
      this.#head(message),
      this.#bar(current),
      h(
        'div',
        {
          class: 'panel',
          id: 'panel',
          role: 'tabpanel',
          'aria-labelledby': `tab-${current?.id}`,
          tabindex: '0',
        },
        current?.show() ?? '',
      ),
    );
  }

  /**
   * Goes so many tabs further.
   *
   * @param {number} by
   * @returns {void}
   */
  turn(by) {
    const at = this.#tabs.findIndex(({ id }) => id === this.#current?.id);
    const next = this.#tabs.at((at + by) % this.#tabs.length);
    if (next !== undefined) this.#open(next.id);
  }

  /** Shows images of other places, in this message only. */
  showImages() {
    const button = this.#box.querySelector('[data-images]');
    if (button instanceof HTMLButtonElement) button.click();
  }

  get #current() {
    return this.#tabs.find(({ id }) => id === this.#tab) ?? this.#tabs[0];
  }

  /** @param {string} id */
  #open(id) {
    this.#tab = id;
    const bar = this.#box.querySelector('.tabs');
    const hadFocus = bar?.contains(document.activeElement) === true;
    const current = this.#current;
    const panel = this.#box.querySelector('.panel');
    if (bar === null || panel === null || current === undefined) return;
    const next = this.#bar(current);
    bar.replaceWith(next);
    panel.replaceChildren(current.show());
    panel.setAttribute('aria-labelledby', `tab-${current.id}`);
    panel.scrollTop = 0;
    const selected = next.querySelector('[aria-selected=true]');
    if (hadFocus && selected instanceof HTMLElement) selected.focus();
  }

  /** Shown where there is room for the message or the list only. */
  #back() {
    return h(
      'button',
      { type: 'button', class: 'button back', click: () => this.#onBack() },
      '← Messages',
    );
  }

  /** @param {MailboxMessage} message */
  #head(message) {
    const { subject, from, at, state, outcome, instance, tenant } = message;
    const reply = outcome?.reason ?? outcome?.response;
    return h(
      'header',
      { class: 'head' },
      this.#back(),
      h('h2', { class: 'subject' }, subject || '(no subject)'),
      h(
        'dl',
        { class: 'facts' },
        fact('From', from || message.envelope.from),
        fact('To', shownList(message.allRecipients)),
        fact(
          'Sent',
          `${wholeTime(at)} · ${size(message.size)}`,
          h('span', { class: `state ${state}` }, STATES[state]),
          instance === 'default'
            ? undefined
            : h('span', { class: 'tag' }, instance),
          tenant === undefined
            ? undefined
            : h('span', { class: 'tag' }, tenant),
        ),
        reply === undefined ? undefined : fact('Reply', reply),
      ),
    );
  }

  /** @param {Tab | undefined} current */
  #bar(current) {
    return h(
      'div',
      {
        class: 'tabs',
        role: 'tablist',
        'aria-label': 'Parts of the message',
        keydown: (event) => this.#onKey(event),
      },
      ...this.#tabs.map(({ id, title, count, level }) =>
        h(
          'button',
          {
            type: 'button',
            role: 'tab',
            id: `tab-${id}`,
            class: 'tab',
            'aria-controls': 'panel',
            'aria-selected': String(id === current?.id),
            tabindex: id === current?.id ? '0' : '-1',
            click: () => this.#open(id),
          },
          title,
          count
            ? h('span', { class: `count ${level ?? ''}` }, String(count))
            : undefined,
        ),
      ),
    );
  }

  /** @param {Event} event */
  #onKey(event) {
    if (!(event instanceof KeyboardEvent)) return;
    const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (by === undefined) return;
    event.preventDefault();
    this.turn(by);
  }

  /**
   * @param {MailboxMessage} message
   * @returns {Tab[]}
   */
  #tabsOf(message) {
    const { html, text, headers, files, smtpApi, findings } = message;
    const [worst] = findings;
    /** @type {(Tab | undefined)[]} */
    const tabs = [
      html === undefined
        ? undefined
        : { id: 'html', title: 'HTML', show: () => this.#html(message) },
      text === undefined
        ? undefined
        : {
            id: 'text',
            title: 'Text',
            show: () => h('pre', { class: 'text' }, text),
          },
      {
        id: 'checks',
        title: 'Checks',
        count: findings.length,
        level: worst?.level ?? '',
        show: () => checks(findings),
      },
      {
        id: 'headers',
        title: 'Headers',
        show: () => table(headers.map(({ name, value }) => [name, value])),
      },
      smtpApi === undefined
        ? undefined
        : {
            id: 'x-smtpapi',
            title: 'X-SMTPAPI',
            show: () =>
              h(
                'pre',
                { class: 'code' },
                JSON.stringify(smtpApi, undefined, 2),
              ),
          },
      files.length === 0
        ? undefined
        : {
            id: 'files',
            title: 'Attachments',
            count: files.length,
            show: () => fileList(message),
          },
      { id: 'source', title: 'Source', show: () => source(message) },
    ];
    return tabs.filter((tab) => tab !== undefined);
  }

  /** @param {MailboxMessage} message */
  #html(message) {
    const { id, subject, remoteImages } = message;
    const part = this.#images ? 'html?images=remote' : 'html';
    const again = () => this.#open('html');
    return h(
      'div',
      { class: this.#narrow ? 'frame narrow' : 'frame' },
      h(
        'div',
        { class: 'frame-bar' },
        remoteImages && !this.#images
          ? h(
              'span',
              { class: 'notice' },
              'Images of other places are blocked.',
              h(
                'button',
                {
                  type: 'button',
                  class: 'button small',
                  'data-images': true,
                  click: () => {
                    this.#images = true;
                    again();
                  },
                },
                'Show images',
              ),
            )
          : undefined,
        h(
          'button',
          {
            type: 'button',
            class: 'button small width',
            'aria-pressed': String(this.#narrow),
            click: () => {
              this.#narrow = !this.#narrow;
              again();
            },
          },
          'Phone width',
        ),
      ),
      h('iframe', {
        sandbox: SANDBOX,
        src: addressOf(id, part),
        title: `Html of: ${subject}`,
        referrerpolicy: 'no-referrer',
      }),
    );
  }
}

/**
 * @param {string} name
 * @param {...(Node | string | undefined)} values
 */
function fact(name, ...values) {
  return h('div', {}, h('dt', {}, name), h('dd', {}, ...values));
}

/** @param {readonly string[]} addresses */
function shownList(addresses) {
  const shown = addresses.slice(0, 20).join(', ');
  const more = addresses.length - 20;
  return more > 0 ? `${shown} and ${counted(more, 'more', 'more')}` : shown;
}

/** @param {readonly string[][]} rows */
function table(rows) {
  return h(
    'table',
    { class: 'table' },
    h(
      'tbody',
      {},
      ...rows.map(([name = '', value = '']) =>
        h('tr', {}, h('th', { scope: 'row' }, name), h('td', {}, value)),
      ),
    ),
  );
}

/** @param {MailboxMessage['findings']} findings */
function checks(findings) {
  if (findings.length === 0) {
    return h('p', { class: 'fine' }, 'Nothing that SendGrid would mind.');
  }
  return h(
    'ul',
    { class: 'checks' },
    ...findings.map(({ level, code, message }) =>
      h(
        'li',
        { class: `check ${level}` },
        h('span', { class: 'check-level' }, level),
        h('p', {}, message),
        h('code', {}, code),
      ),
    ),
  );
}

/** @param {MailboxMessage} message */
function fileList({ id, files }) {
  return h(
    'ul',
    { class: 'files' },
    ...files.map(({ index, filename, contentType, size: bytes, contentId }) =>
      h(
        'li',
        {},
        h(
          'a',
          { href: addressOf(id, `attachments/${index}`), download: filename },
          filename,
        ),
        h('span', { class: 'dim' }, `${contentType} · ${size(bytes)}`),
        contentId === undefined
          ? undefined
          : h('code', { class: 'dim' }, `cid:${contentId}`),
      ),
    ),
  );
}

/** @param {MailboxMessage} message */
function source({ id }) {
  const box = h('pre', { class: 'code' }, '…');
  readSource(id).then(
    (text) => box.replaceChildren(text),
    (error) => box.replaceChildren(String(error)),
  );
  return h(
    'div',
    {},
    h(
      'p',
      { class: 'source-bar' },
      h(
        'a',
        { class: 'button small', href: addressOf(id, 'source?save=yes') },
        'Save as .eml',
      ),
    ),
    box,
  );
}

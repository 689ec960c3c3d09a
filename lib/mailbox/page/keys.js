/**
 * Calls what belongs to a key, unless somebody types, or with Ctrl, Alt or Meta.
 *
 * @param {Readonly<Record<string, (event: KeyboardEvent) => void>>} actions by `event.key`
 * @returns {void}
 */
export function onKeys(actions) {
  document.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    if (event.defaultPrevented || isOpen()) return;
    const isTyping = event.target instanceof HTMLInputElement;
    if (isTyping && event.key !== 'Escape' && event.key !== 'Enter') return;
    const action = Object.hasOwn(actions, event.key) && actions[event.key];
    if (action) action(event);
  });
}

/** A dialog takes its own keys. */
function isOpen() {
  return document.querySelector('dialog[open]') !== null;
}

import type { Entry, Query } from '../mail/entry.js';
import type { Mailbox } from '../mailbox.js';

/** The messages that match, at the latest after `waitMs` when there are none at first. */
export async function whenAnyMatch(
  mailbox: Mailbox,
  query: Query,
  waitMs: number,
): Promise<Entry[]> {
  const deadline = performance.now() + waitMs;
  for (;;) {
    const changed = nextChange(mailbox, deadline - performance.now());
    // oxlint-disable-next-line no-await-in-loop -- each look is at what came since the last one
    const found = await mailbox.find(query);
    const isOver = mailbox.closed || performance.now() >= deadline;
    if (found.length > 0 || isOver) {
      changed.forget();
      return found;
    }
    // oxlint-disable-next-line no-await-in-loop -- see above
    await changed.happened;
  }
}

interface Change {
  readonly happened: Promise<void>;
  forget(): void;
}

function nextChange(mailbox: Mailbox, withinMs: number): Change {
  const abort = new AbortController();
  const { signal } = abort;
  const happened = new Promise<void>((resolve) => {
    const stop = mailbox.listen(() => abort.abort());
    const timer = setTimeout(() => abort.abort(), Math.max(0, withinMs));
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      stop();
      resolve();
    });
  });
  return { happened, forget: () => abort.abort() };
}

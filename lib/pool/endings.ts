import { ConnectionError } from '../smtp/connection-error.js';

/** Ends what is open when its pool closes. */
export const POOL_CLOSED = new ConnectionError(
  'session',
  'The pool was closed',
  { nature: 'deliberate' },
);

/** Ends what is open when this process may hold connections no longer. */
export const WITHDRAWN = new ConnectionError(
  'session',
  'This process may hold no connections for now',
  { nature: 'deliberate' },
);

/** Ends what was idle while the process stood still, and may be dead. */
export const FROZEN = new ConnectionError('session', 'The process was frozen', {
  nature: 'deliberate',
});

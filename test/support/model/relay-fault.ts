import fc from 'fast-check';

/** Where a {@link ModelRelay} goes wrong. */
export type Where = 'GREETING' | 'AUTH' | 'MAIL' | 'RCPT' | 'DATA' | 'DOT';

/** What it does there in place of the usual reply. */
export type How =
  | 'refuse for now'
  | 'refuse for good'
  | 'blame the account'
  | 'blame the sender'
  | 'close'
  | 'leave'
  | 'break off'
  | 'fall silent'
  /** It takes the message and leaves without a reply. */
  | 'take and leave';

/** A fault that strikes until the relay recovers or it has struck often enough. */
export interface RelayFault {
  readonly where: Where;
  readonly how: How;
  readonly times: number;

  /** The recipients that it strikes, at RCPT: one bit for each. */
  readonly mask: number;
}

const REFUSALS: readonly How[] = ['refuse for now', 'refuse for good'];
const BLAME: readonly How[] = ['blame the account', 'blame the sender'];
const ENDS: readonly How[] = ['close', 'leave', 'break off', 'fall silent'];

const KINDS: Readonly<Record<Where, readonly How[]>> = {
  GREETING: [...REFUSALS, ...ENDS],
  AUTH: [...REFUSALS, ...ENDS, 'blame the account'],
  MAIL: [...REFUSALS, ...REFUSALS, ...BLAME, ...ENDS],
  RCPT: [...REFUSALS, ...REFUSALS, ...REFUSALS, ...ENDS],
  DATA: [...REFUSALS, ...ENDS],
  DOT: [
    ...REFUSALS,
    ...REFUSALS,
    ...REFUSALS,
    ...BLAME,
    ...ENDS,
    'take and leave',
    'take and leave',
    'take and leave',
    'take and leave',
  ],
};

const LINES: Partial<Record<How, string>> = {
  'refuse for now': '451 4.3.0 later\r\n',
  'refuse for good': '550 5.7.1 no\r\n',
  'blame the account':
    '451 Authentication failed: Maximum credits exceeded\r\n',
  'blame the sender':
    '550 The from address does not match a verified Sender Identity\r\n',
  close: '421 4.3.2 closing\r\n',
};

/** What is said of a fault, if anything. */
export function lineOf(how: How): string {
  return LINES[how] ?? '';
}

/** Whether the relay has then read the dot and said nothing of it. */
export function leavesUnanswered(how: How): boolean {
  return lineOf(how) === '';
}

/** Whether nothing more is said on the connection. */
export function ends(how: How): boolean {
  return ENDS.includes(how) || how === 'take and leave';
}

const anywhere = fc.oneof(
  { weight: 1, arbitrary: fc.constantFrom<Where>('GREETING', 'AUTH') },
  { weight: 3, arbitrary: fc.constantFrom<Where>('MAIL', 'DATA') },
  { weight: 3, arbitrary: fc.constant<Where>('RCPT') },
  { weight: 5, arbitrary: fc.constant<Where>('DOT') },
);

/** Any fault at all. */
export const anyFault: fc.Arbitrary<RelayFault> = anywhere.chain((where) =>
  fc.record({
    where: fc.constant(where),
    how: fc.constantFrom(...KINDS[where]),
    times: fc.constantFrom(1, 1, 1, 2, 3, 20),
    mask: fc.integer({ min: 1, max: 15 }),
  }),
);

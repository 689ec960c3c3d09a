import type { Answer } from '../scripted-server/conversation-events.js';
import type { Pieces } from '../scripted-server/outbox.js';

const ALL: readonly Pieces[] = ['whole', 'split', 'bytes'];

/** What comes instead of a reply to a step of the set-up, and in which pieces. */
export const SET_UP_FAULTS: readonly (readonly [
  fault: string,
  answer: Exclude<Answer, undefined>,
  pieces: readonly Pieces[],
])[] = [
  ['421', '421 busy\r\n', ALL],
  ['421 and the end', { say: '421 busy\r\n', then: 'fin' }, ALL],
  ['a refusal for now', '454 later\r\n', ALL],
  ['an unexpected code', '299 what\r\n', ALL],
  ['a stray line', 'warning: low disk space\r\n', ALL],
  ['a code that changes', '250-one\r\n220-two\r\n235 three\r\n', ALL],
  ['a line without end', `220 ${'x'.repeat(4200)}`, ALL],
  ['a reply without end', '220-more\r\n'.repeat(11_000), ['whole', 'split']],
  ['the end', { say: '', then: 'fin' }, ['whole']],
  ['the end without close_notify', { say: '', then: 'bare-fin' }, ['whole']],
  [
    'half a reply and a reset',
    { say: '22', then: 'reset' },
    ['whole', 'bytes'],
  ],
];

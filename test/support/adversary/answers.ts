import type { Answer } from '../scripted-server/conversation-events.js';
import type { Said, Script } from '../scripted-server.js';
import type { Mode } from './ways.js';

type AnyMode = Mode | 'auto';

/** Lines without their ends; all other steps are answered as usual. */
export interface Answers {
  /** To the RSET that comes after this message. */
  readonly RSET?: Answer;
  readonly MAIL?: Answer;
  /** For the first recipient, and for the second. */
  readonly RCPT?: readonly [Answer, Answer];
  readonly DATA?: Answer;
  /** To the body; `lone` to one with nothing in it. */
  readonly DOT?: Answer;
  readonly lone?: Answer;
}

/** Gives message 2 these answers, on the first connection only. */
export function toSecond(answers: Answers, mode: Mode): Script {
  const hold = holdDots(mode);
  return (said) => {
    const after = hold(said);
    const affected = said.connection === 1 && said.transaction === 2;
    const answer = affected ? ended(pick(answers, said)) : undefined;
    if (after === undefined) return answer;
    if (typeof answer === 'object') return { ...answer, after };
    return { say: answer ?? '250 Ok: queued as id\r\n', after };
  };
}

/**
 * Gives the first message on a connection these answers. That connection's
 * AUTH is answered only once the envelope is here: it must have been written
 * behind it.
 */
export function toFirst(
  answers: Answers,
  mode: AnyMode,
  connection = 1,
): Script {
  const hold = holdDots(mode);
  const holdAuth = holdAuthOf(connection);
  return (said) => {
    const after = hold(said) ?? holdAuth(said);
    const affected = said.connection === connection && said.transaction === 1;
    const answer = affected ? ended(pick(answers, said)) : undefined;
    if (after === undefined) return answer;
    if (typeof answer === 'object') return { ...answer, after };
    const usual = said.event === 'AUTH' ? '235 ok' : '250 Ok: queued as id';
    return { say: answer ?? `${usual}\r\n`, after };
  };
}

/** What the answer to AUTH on a connection waits for: the envelope behind it. */
export function holdAuthOf(
  connection: number,
): (said: Said) => Promise<void> | undefined {
  let release: (() => void) | undefined;
  return (said) => {
    if (said.connection !== connection) return undefined;
    if (said.event === 'DATA') release?.();
    if (said.event !== 'AUTH') return undefined;
    return new Promise((resolve) => {
      release = resolve;
    });
  };
}

function pick(answers: Answers, { event, line }: Said): Answer {
  switch (event) {
    case 'RSET':
    case 'MAIL':
    case 'DATA':
      return answers[event];
    case 'RCPT':
      return answers.RCPT?.[line.includes('<a@') ? 0 : 1];
    case 'DOT':
      return line === '' ? answers.lone : answers.DOT;
    default:
      return undefined;
  }
}

function ended(answer: Answer): Answer {
  if (answer === undefined || answer === '') return answer;
  if (typeof answer === 'string') return `${answer}\r\n`;
  return answer.say === '' ? answer : { ...answer, say: `${answer.say}\r\n` };
}

/**
 * In one flight the bodies of messages 1 and 2 are answered only once the next
 * envelope is here: it must have been written behind them.
 */
function holdDots(mode: AnyMode): (said: Said) => Promise<void> | undefined {
  let release: (() => void) | undefined;
  return ({ event, line, connection, transaction }) => {
    if (mode !== 'oneflight' || connection !== 1) return undefined;
    if (event === 'DATA') release?.();
    if (event !== 'DOT' || line === '' || transaction > 2) return undefined;
    return new Promise((resolve) => {
      release = resolve;
    });
  };
}

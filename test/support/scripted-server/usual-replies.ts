import type { Event } from './conversation-events.js';

const EHLO = [
  'smtp.test',
  '8BITMIME',
  'PIPELINING',
  'SIZE 31457280',
  'AUTH PLAIN LOGIN',
  'AUTH=PLAIN LOGIN',
];

const USUAL: Record<Exclude<Event, 'EHLO'>, string> = {
  GREETING: '220 ready\r\n',
  AUTH: '235 ok\r\n',
  RSET: '250 reset\r\n',
  NOOP: '250 here\r\n',
  MAIL: '250 ok\r\n',
  RCPT: '250 ok\r\n',
  DATA: '354 go\r\n',
  DOT: '250 Ok: queued as id\r\n',
  QUIT: '221 bye\r\n',
  STARTTLS: '220 go on\r\n',
};

/** What a server says unless its script has something else to say. */
export function usualReply(event: Event, offersTls: boolean): string {
  if (event === 'STARTTLS' && !offersTls) return '502 no\r\n';
  if (event !== 'EHLO') return USUAL[event];
  return multiLine(offersTls ? [...EHLO, 'STARTTLS'] : EHLO);
}

/** The usual EHLO reply without some of its keywords. */
export function ehloWithout(...keywords: readonly string[]): string {
  const kept = EHLO.filter(
    (line) => !keywords.includes(line.split(' ', 1)[0] ?? ''),
  );
  return multiLine(kept);
}

function multiLine(lines: readonly string[]): string {
  const last = lines.length - 1;
  return lines
    .map((line, index) => `250${index === last ? ' ' : '-'}${line}\r\n`)
    .join('');
}

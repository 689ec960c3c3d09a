/**
 * What a reply answers: `greeting` is all that comes before AUTH, and `data`
 * both DATA itself and the message after it.
 */
export type ReplyPhase = 'greeting' | 'auth' | 'mail' | 'rcpt' | 'data';

/** The phase of the command that a transaction was refused at. */
export function phaseOf(command: string): ReplyPhase {
  switch (command) {
    case 'MAIL FROM':
      return 'mail';
    case 'RCPT TO':
      return 'rcpt';
    default:
      return 'data';
  }
}

/** What a server does next, drawn by the test. */
export type Mood = 'usual' | 'refuse' | 'defer' | 'odd' | 'closing' | 'vanish';

type State = 'idle' | 'mail' | 'data' | 'gone';

/**
 * The rules of a strict SMTP server (Postfix: a transaction stays open until
 * RSET or its end), with a mood for each command.
 */
export class MoodyServer {
  readonly #moods: readonly Mood[];
  readonly #refusesRiders: boolean;
  #turn = 0;
  #input = '';
  #state: State = 'idle';
  #recipients = 0;
  #body = '';
  #pipelinedAfterDot = false;

  /** Bodies it has taken responsibility for, one entry for each recipient set. */
  readonly accepted: string[] = [];

  /** What a client must never do, as far as it did. */
  readonly offences: string[] = [];

  constructor(moods: readonly Mood[], refusesRiders: boolean) {
    this.#moods = moods;
    this.#refusesRiders = refusesRiders;
  }

  get gone(): boolean {
    return this.#state === 'gone';
  }

  /** Takes what the client wrote and gives what it is answered. */
  take(text: string): string {
    this.#input += text;
    this.#pipelinedAfterDot = false;
    let replies = '';
    for (;;) {
      const end = this.#input.indexOf('\r\n');
      if (end === -1 || this.gone) return replies;
      const line = this.#input.slice(0, end);
      this.#input = this.#input.slice(end + 2);
      const reply =
        this.#state === 'data' ? this.#onText(line) : this.#onCommand(line);
      if (reply !== undefined) replies += reply;
    }
  }

  #onText(line: string): string | undefined {
    if (line !== '.') {
      if (!line.startsWith('message')) this.offences.push('command in a mail');
      this.#body += `${line}\r\n`;
      return undefined;
    }
    const body = this.#body;
    const mood = this.#mood();
    this.#state = 'idle';
    this.#pipelinedAfterDot = true;
    if (body === '' && this.#recipients > 0) this.offences.push('empty mail');
    if (this.#recipients === 0) return this.#reply(mood, '554 no recipients');
    const taken = mood === 'usual' || mood === 'vanish';
    if (taken) this.accepted.push(body);
    return this.#reply(mood, '250 Ok: queued');
  }

  #onCommand(line: string): string {
    const verb = line.slice(0, 4);
    if (this.#refusesRiders && this.#pipelinedAfterDot) {
      return '503 pipelined after end of DATA\r\n';
    }
    switch (verb) {
      case 'RSET':
        this.#state = 'idle';
        return '250 reset\r\n';
      case 'MAIL':
        return this.#onMail();
      case 'RCPT':
        return this.#onRcpt();
      case 'DATA':
        return this.#onData();
      default:
        this.offences.push(`unknown command ${line}`);
        return '500 what?\r\n';
    }
  }

  #onMail(): string {
    if (this.#state === 'mail') {
      this.offences.push('nested MAIL');
      return '503 nested MAIL\r\n';
    }
    const mood = this.#mood();
    this.#recipients = 0;
    this.#body = '';
    if (mood === 'usual') this.#state = 'mail';
    return this.#reply(mood, '250 ok');
  }

  #onRcpt(): string {
    if (this.#state !== 'mail') return '503 no MAIL\r\n';
    const mood = this.#mood();
    if (mood === 'usual') this.#recipients += 1;
    return this.#reply(mood, '250 ok');
  }

  #onData(): string {
    if (this.#state !== 'mail') return '503 no MAIL\r\n';
    const mood = this.#mood();
    // An odd one goes on although there is nobody to send to.
    const goOn = mood === 'odd' || (mood === 'usual' && this.#recipients > 0);
    if (goOn) {
      this.#state = 'data';
      return '354 go on\r\n';
    }
    return this.#reply(mood, '554 no valid recipients');
  }

  #mood(): Mood {
    const mood = this.#moods[this.#turn % this.#moods.length] ?? 'usual';
    this.#turn += 1;
    return mood;
  }

  #reply(mood: Mood, usual: string): string {
    switch (mood) {
      case 'usual':
        return `${usual}\r\n`;
      case 'refuse':
        return '550-no\r\n550 never\r\n';
      case 'defer':
        return '451 later\r\n';
      case 'odd':
        return '354 what?\r\n';
      case 'closing':
        this.#state = 'gone';
        return '421 bye\r\n';
      default:
        this.#state = 'gone';
        return '';
    }
  }
}

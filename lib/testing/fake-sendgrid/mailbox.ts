import type { ReceivedMessage } from './received-message.js';

/** The accepted messages, the newest `limit` of them. */
export class Mailbox {
  readonly #limit: number;
  #messages: ReceivedMessage[] = [];

  constructor(limit: number) {
    this.#limit = limit;
  }

  get messages(): readonly ReceivedMessage[] {
    return this.#messages;
  }

  add(message: ReceivedMessage): void {
    this.#messages.push(message);
    if (this.#messages.length > this.#limit) this.#messages.shift();
  }

  clear(): void {
    this.#messages = [];
  }
}

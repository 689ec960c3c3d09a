import { randomUUID } from 'node:crypto';
import { readAddressCommand, type AddressCommand } from './command-syntax.js';
import {
  fromAddresses,
  parseMessage,
  withoutParsing,
} from './parse-message.js';
import type { ResolvedFakeOptions } from './options.js';
import type { ReceivedMessage, UnparsedMessage } from './received-message.js';
import { SENDGRID_REPLIES as REPLIES } from './replies.js';

/** What a command is worth: a refusal, or an address that may be accepted. */
export type Judgement =
  | { readonly refusal: string; readonly address?: undefined }
  | { readonly refusal?: undefined; readonly address: string };

/** One mail transaction: its envelope, and SendGrid's rules for it. */
export class Transaction {
  readonly #options: ResolvedFakeOptions;
  #sender: string | undefined;
  #recipients: string[] = [];

  constructor(options: ResolvedFakeOptions) {
    this.#options = options;
  }

  get sender(): string | undefined {
    return this.#sender;
  }

  get recipients(): readonly string[] {
    return this.#recipients;
  }

  judgeMail(line: Buffer): Judgement {
    if (this.#sender !== undefined) return { refusal: REPLIES.nestedMail };
    const command = readAddressCommand(line);
    if (command === undefined) return { refusal: REPLIES.senderSyntax };
    const refusal = this.#judgeParameters(command);
    return refusal === undefined ? command : { refusal };
  }

  judgeRcpt(line: Buffer): Judgement {
    if (this.#sender === undefined) return { refusal: REPLIES.needMail };
    const command = readAddressCommand(line);
    if (command === undefined) return { refusal: REPLIES.recipientSyntax };
    if (command.parameters.size > 0) return { refusal: REPLIES.badParameter };
    return command;
  }

  judgeData(): string | undefined {
    if (this.#sender === undefined) return REPLIES.needMail;
    return this.#recipients.length === 0 ? REPLIES.needRecipient : undefined;
  }

  judgeMessage(raw: Buffer): string | undefined {
    const { verifiedSenders } = this.#options;
    if (verifiedSenders === undefined) return undefined;
    const isVerified = (address: string): boolean =>
      verifiedSenders.includes(address) ||
      verifiedSenders.includes(address.slice(address.indexOf('@') + 1));
    const senders = fromAddresses(raw);
    const verified = senders.length > 0 && senders.every(isVerified);
    return verified ? undefined : REPLIES.senderIdentity;
  }

  begin(sender: string): void {
    this.#sender = sender;
  }

  addRecipient(recipient: string): void {
    this.#recipients.push(recipient);
  }

  reset(): void {
    this.#sender = undefined;
    this.#recipients = [];
  }

  /** Turns the transaction into a message; at once when it is not parsed. */
  finish(
    raw: Buffer,
    connection: number,
    done: (message: ReceivedMessage) => void,
  ): void {
    const unparsed: UnparsedMessage = {
      id: queuedId(),
      envelope: { from: this.#sender ?? '', to: this.#recipients },
      connection,
      raw,
    };
    this.reset();
    const plain = (): void => done(withoutParsing(unparsed));
    if (!this.#options.parse) return plain();
    // The relay takes what it cannot read, as SendGrid does.
    parseMessage(unparsed).then(done, plain);
  }

  #judgeParameters({ parameters }: AddressCommand): string | undefined {
    const { hide, size } = this.#options;
    for (const [name, value] of parameters) {
      const offered =
        (name === 'SIZE' && !hide.includes('SIZE')) ||
        (name === 'BODY' && !hide.includes('8BITMIME'));
      if (!offered) return REPLIES.badParameter;
      if (name === 'SIZE' && Number(value) > size) return REPLIES.tooLarge;
    }
    return undefined;
  }
}

/** A version 4 UUID as 22 characters, as SendGrid's ids are. */
function queuedId(): string {
  const hex = randomUUID().replaceAll('-', '');
  return Buffer.from(hex, 'hex').toString('base64url');
}

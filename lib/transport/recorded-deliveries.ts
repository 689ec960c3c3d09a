import type { MailMessageData } from 'nodemailer';
import type { OutgoingMail } from '../delivery/carrier.js';
import { Deliveries } from '../delivery/deliveries.js';
import type { SendReceipt } from '../delivery/receipt.js';
import type { Reservation } from '../delivery/reservation.js';
import type { UnknownSends } from '../delivery/unknown-sends.js';
import type { Telling } from '../events/telling.js';
import type { ResolvedOptions } from '../options/resolved-options.js';
import type { Cancellation } from '../pool/cancellation.js';
import type { CaptureStore } from './capture-store.js';
import { capturedMail, type CapturedMail } from './captured-mail.js';
import { overheard } from './overheard.js';

/** What {@link RecordedDeliveries} work with. */
export interface RecordSettings {
  readonly store: CaptureStore;
  readonly unknowns: UnknownSends;
  readonly tenant?: string | undefined;
  readonly onIdle?: (() => void) | undefined;
}

/** Sends messages and keeps each of them, with how it ended. */
export class RecordedDeliveries extends Deliveries {
  readonly #store: CaptureStore;
  readonly #tenant: string | undefined;
  readonly #fields = new WeakMap<OutgoingMail, MailMessageData>();

  constructor(
    options: ResolvedOptions,
    telling: Telling,
    settings: RecordSettings,
  ) {
    super(options, telling, settings.onIdle, settings);
    this.#store = settings.store;
    this.#tenant = settings.tenant;
  }

  describe(mail: OutgoingMail, fields: MailMessageData): void {
    this.#fields.set(mail, fields);
  }

  override carry(
    mail: OutgoingMail,
    reservation: Reservation,
    cancellation?: Cancellation,
  ): Promise<SendReceipt> {
    const { content } = mail;
    if (content.kind === 'bytes') {
      const kept = this.#keep(mail, reservation, content.bytes);
      return this.#follow(
        super.carry(mail, reservation, cancellation),
        () => kept,
      );
    }
    // Its bytes are known once they have left.
    const heard = overheard(content);
    return this.#follow(
      super.carry(
        { ...mail, content: heard.content },
        reservation,
        cancellation,
      ),
      () => this.#keep(mail, reservation, heard.bytes()),
    );
  }

  #keep(
    mail: OutgoingMail,
    { message }: Reservation,
    raw: Buffer,
  ): CapturedMail {
    const fields = this.#fields.get(mail) ?? {};
    const kept = capturedMail(mail, fields, raw, message, this.#tenant);
    this.#store.keep(kept);
    return kept;
  }

  async #follow(
    carried: Promise<SendReceipt>,
    keep: () => CapturedMail,
  ): Promise<SendReceipt> {
    try {
      const receipt = await carried;
      this.#store.ended(keep(), { receipt });
      return receipt;
    } catch (error) {
      this.#store.ended(keep(), { error });
      throw error;
    }
  }
}

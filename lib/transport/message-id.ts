import type { SendMailOptions } from 'nodemailer';
import { messageIdHeader } from '../message/assign-ids.js';
import { encodeMessageId } from '../message/header-encoder.js';

/** The Message-ID that a message with these fields carries, when it has one. */
export function messageIdOf(data: SendMailOptions): string | undefined {
  const value: unknown = data.messageId || messageIdHeader(data.headers);
  return value ? encodeMessageId(value) : undefined;
}

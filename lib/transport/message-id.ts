import type { SendMailOptions } from 'nodemailer';
import MimeNode from 'nodemailer/lib/mime-node';
import { messageIdHeader } from '../message/assign-ids.js';

/** A Message-ID as nodemailer writes it into the header. */
export function bracketed(messageId: unknown): string {
  return MimeNode.encodeHeaderValue('Message-ID', String(messageId));
}

/** The Message-ID that a message with these fields carries, when it has one. */
export function messageIdOf(data: SendMailOptions): string | undefined {
  const value: unknown = data.messageId || messageIdHeader(data.headers);
  return value ? bracketed(value) : undefined;
}

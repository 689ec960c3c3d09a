import { channel, type Channel } from 'node:diagnostics_channel';

import type { MailEventType } from './mail-event.js';

const name = (type: MailEventType): Channel =>
  channel(`nestjs-sendgrid-smtp:${type}`);

/** The `node:diagnostics_channel` of each type of event, for every instance. */
export const CHANNELS: Readonly<Record<MailEventType, Channel>> = {
  queued: name('queued'),
  sent: name('sent'),
  deferred: name('deferred'),
  failed: name('failed'),
  'settled-late': name('settled-late'),
  'connection-opened': name('connection-opened'),
  'connection-rotated': name('connection-rotated'),
  'connection-lost': name('connection-lost'),
  'cap-learned': name('cap-learned'),
  'pipelining-changed': name('pipelining-changed'),
  'account-paused': name('account-paused'),
  'account-resumed': name('account-resumed'),
  'sender-paused': name('sender-paused'),
  'guard-tripped': name('guard-tripped'),
  'key-changed': name('key-changed'),
  drained: name('drained'),
};

const ALL = Object.values(CHANNELS);

/** Whether anybody has subscribed to any of them. */
export function anySubscribed(): boolean {
  for (const one of ALL) if (one.hasSubscribers) return true;
  return false;
}

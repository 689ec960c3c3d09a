import { once } from 'node:events';
import type {
  ResolvedRelay,
  ResolvedTimeouts,
} from '../options/resolved-options.js';
import type { Capabilities } from './capabilities.js';
import { parseCapabilities } from './capabilities.js';
import type { Channel } from './channel.js';
import { commandLine } from './command.js';
import { ConnectionError, type ConnectionStage } from './connection-error.js';
import { isPositive, type Reply } from './reply.js';
import type { TlsSettings } from './tls-settings.js';

/** What a handshake needs to know. */
export interface HandshakeSettings {
  readonly relay: ResolvedRelay;
  readonly timeouts: ResolvedTimeouts;
  readonly tls: TlsSettings;
}

/**
 * Brings a fresh socket to where AUTH may be given: greeting, EHLO, STARTTLS
 * (or TLS first), EHLO. Waits for every reply.
 *
 * @throws ConnectionError naming the stage that failed
 */
export async function handshake(
  channel: Channel,
  settings: HandshakeSettings,
): Promise<Capabilities> {
  const { relay, timeouts } = settings;
  await connected(channel, timeouts.connectMs, 'connect');
  if (relay.security === 'implicit') await startTls(channel, settings);
  channel.stage = 'greeting';
  const greeting = await replyOf(channel, timeouts.greetingMs);
  if (greeting.code !== 220) {
    throw refused('greeting', 'The relay refused the connection', greeting);
  }
  let capabilities = await ehlo(channel, settings);
  if (relay.security === 'starttls') {
    await upgrade(channel, settings, capabilities);
    capabilities = await ehlo(channel, settings);
  }
  return capabilities;
}

async function ehlo(
  channel: Channel,
  { relay, timeouts }: HandshakeSettings,
): Promise<Capabilities> {
  channel.stage = 'ehlo';
  channel.write(commandLine(`EHLO ${relay.ehloName}`));
  const reply = await replyOf(channel, timeouts.commandMs);
  if (reply.code !== 250) {
    throw refused('ehlo', 'The relay refused EHLO', reply);
  }
  return parseCapabilities(reply);
}

async function upgrade(
  channel: Channel,
  settings: HandshakeSettings,
  capabilities: Capabilities,
): Promise<void> {
  channel.stage = 'starttls';
  if (!capabilities.starttls) {
    throw new ConnectionError(
      'starttls',
      'The relay does not offer STARTTLS, so the key was not sent. Something between here and the relay may be stripping TLS; try port 465 with implicit TLS',
    );
  }
  channel.write(commandLine('STARTTLS'));
  const reply = await replyOf(channel, settings.timeouts.commandMs);
  if (reply.code !== 220) {
    throw refused('starttls', 'The relay refused STARTTLS', reply);
  }
  if (channel.holdsInput) {
    throw new ConnectionError(
      'starttls',
      'The relay sent data after its reply to STARTTLS, which an attacker may have injected',
    );
  }
  await startTls(channel, settings);
}

async function startTls(
  channel: Channel,
  { tls, timeouts }: HandshakeSettings,
): Promise<void> {
  channel.stage = 'tls';
  // Node 20 crashes when TLS is put on a socket that is gone.
  if (channel.failed || channel.socket.destroyed) {
    throw new ConnectionError('tls', 'The connection was lost before TLS');
  }
  channel.swap((socket) => tls.wrap(socket));
  await connected(channel, timeouts.connectMs, 'tls');
}

function refused(
  stage: ConnectionStage,
  message: string,
  reply: Reply,
): ConnectionError {
  return new ConnectionError(
    stage,
    isPositive(reply) ? 'The relay gave an unexpected reply' : message,
    { reply },
  );
}

async function connected(
  channel: Channel,
  ms: number,
  stage: 'connect' | 'tls',
): Promise<void> {
  channel.watch(ms);
  await once(channel.socket, stage === 'tls' ? 'secureConnect' : 'connect');
  channel.unwatch();
}

/** The next reply. A channel that fails instead leaves this pending for good. */
async function replyOf(channel: Channel, ms: number): Promise<Reply> {
  return new Promise((resolve) => {
    channel.expect({ patienceMs: () => ms, receive: resolve });
  });
}

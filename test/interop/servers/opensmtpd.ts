import { IDS, type Jail } from '../support/jail.js';
import type { MailServer, ServerSetting } from '../support/mail-server.js';
import { startInJail, type JailedRun } from '../support/start-in-jail.js';

const QUEUES = ['incoming', 'queue'];

/**
 * OpenSMTPD, delivery by mail.maildir. In the clear: that of Debian 12
 * (6.8.0p2) cannot do TLS with OpenSSL 3 (its issues 1171 and 1239), and it
 * offers AUTH over TLS only.
 */
export const openSmtpd: MailServer = {
  name: 'OpenSMTPD',
  queuedId: /^250 2\.0\.0 (\w+) Message accepted/,
  secure: false,
  messagesPerConnection: 100,
  realModes: {
    auto: 'lockstep',
    off: 'lockstep',
    envelope: 'lockstep',
    oneflight: 'lockstep',
  },
  remark:
    'OpenSMTPD does not offer PIPELINING: every command waits for the reply to the one before, whatever is wanted. Version 6.8.0p2 as Debian 12 builds it cannot do TLS with OpenSSL 3, and offers AUTH over TLS only, so it is spoken to in the clear and without AUTH. It answers the 101st message on a connection with `452 4.5.3 Too many recipients: Too many messages sent`, hence `maxMessagesPerConnection: 100` and more connections here.',
  start: (setting) =>
    startInJail(
      {
        name: 'opensmtpd',
        packages: ['opensmtpd'],
        users: { server: 'opensmtpd', queue: 'opensmtpq' },
        furnish,
        start,
      },
      setting,
    ),
};

async function furnish(jail: Jail, { port }: ServerSetting): Promise<void> {
  // Its deliveries are commands to a shell.
  await jail.copy('/bin/sh');
  await jail.file('etc/smtpd.conf', config(port));
  await jail.file('etc/mailname', 'localhost\n');
  await jail.folder('var/run');
  await jail.folder('tmp', { mode: 0o1777 });
  const spool = 'var/spool/smtpd';
  await jail.folder(spool, { mode: 0o711 });
  const queue = { mode: 0o700, uid: IDS.queue };
  for (const name of [...QUEUES, 'purge', 'temporary', 'corrupt']) {
    await jail.folder(`${spool}/${name}`, queue);
  }
  await jail.folder(`${spool}/offline`, { mode: 0o770, gid: IDS.queue });
}

async function start(jail: Jail, { port }: ServerSetting): Promise<JailedRun> {
  const daemon = await jail.start('/usr/sbin/smtpd', ['-d'], port);
  return {
    version: /OpenSMTPD (\S+) starting/.exec(daemon.log)?.[1] ?? 'unknown',
    queueFolders: QUEUES.map((name) => jail.path(`var/spool/smtpd/${name}`)),
    log: () => Promise.resolve(daemon.log),
    daemon,
  };
}

function config(port: number): string {
  return `
table mailboxes { "@" = vmail }
listen on 127.0.0.1 port ${port}
action "deliver" maildir "/mail/%{rcpt.user}" virtual <mailboxes>
match from any for domain "example.com" action "deliver"
`;
}

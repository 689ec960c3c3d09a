import { Jail, USERS } from '../support/jail.js';
import type {
  MailServer,
  RunningServer,
  ServerSetting,
} from '../support/mail-server.js';

const SMTPD = '/usr/sbin/smtpd';

/** OpenSMTPD: a table of credentials, delivery by mail.maildir. */
export const openSmtpd: MailServer = {
  name: 'OpenSMTPD',
  queuedId: /^250 2\.0\.0 (?:Ok: )?(\w+)/,
  realModes: {
    auto: 'lockstep',
    off: 'lockstep',
    envelope: 'lockstep',
    oneflight: 'lockstep',
  },
  remark:
    'does not offer PIPELINING, so every command waits for the reply to the one before, whatever is wanted.',
  start,
};

async function start(setting: ServerSetting): Promise<RunningServer> {
  const users = { server: 'opensmtpd', queue: 'opensmtpq' };
  const jail = await Jail.unpack('opensmtpd', ['opensmtpd'], users);
  try {
    await jail.copy('/bin/sh');
    await furnish(jail, setting);
    await jail.close();
    const hash = await jail.run('/usr/libexec/opensmtpd/encrypt', [
      setting.apiKey,
    ]);
    await jail.file('etc/smtpd.conf', config(setting.port, hash.trim()));
    const daemon = await jail.start(SMTPD, ['-d'], setting.port);
    return {
      version: '',
      mailFolder: jail.path('mail'),
      queueFolders: ['incoming', 'queue'].map((name) =>
        jail.path(`var/spool/smtpd/${name}`),
      ),
      log: () => Promise.resolve(daemon.log),
      stop: async () => {
        await daemon.stop();
        await jail.remove();
      },
    };
  } catch (error) {
    await jail.remove();
    throw error;
  }
}

async function furnish(jail: Jail, setting: ServerSetting): Promise<void> {
  const { key, cert } = setting.certificate;
  await jail.file('etc/tls/key.pem', key, { mode: 0o600 });
  await jail.file('etc/tls/cert.pem', cert);
  await jail.file('etc/mailname', 'localhost\n');
  await jail.folder('run');
  await jail.folder('var/run');
  await jail.folder('var/spool/smtpd', { mode: 0o711 });
  const queue = { mode: 0o700, uid: USERS.queue };
  for (const name of ['incoming', 'queue', 'purge', 'temporary', 'corrupt']) {
    await jail.folder(`var/spool/smtpd/${name}`, queue);
  }
  await jail.folder('var/spool/smtpd/offline', {
    mode: 0o770,
    gid: USERS.queue,
  });
}

function config(port: number, hash: string): string {
  return `
pki localhost cert "/etc/tls/cert.pem"
pki localhost key "/etc/tls/key.pem"
table keys { apikey = "${hash}" }
table mailboxes { "@" = vmail }
listen on 127.0.0.1 port ${port} tls-require pki localhost auth <keys>
action "deliver" maildir "/mail/%{rcpt.user}" virtual <mailboxes>
match auth from any for domain "example.com" action "deliver"
`;
}

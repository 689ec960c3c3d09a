import { readFile } from 'node:fs/promises';
import { Jail, USERS } from '../support/jail.js';
import type {
  MailServer,
  RunningServer,
  ServerSetting,
} from '../support/mail-server.js';

const PACKAGES = [
  'postfix',
  'sasl2-bin',
  'libsasl2-modules',
  'libsasl2-modules-db',
];

const QUEUES = ['maildrop', 'incoming', 'active', 'deferred'];
const OTHER_FOLDERS = [
  ...['bounce', 'corrupt', 'defer', 'flush', 'hold', 'private', 'saved'],
  'trace',
];

/** Postfix: smtpd with Cyrus SASL, delivery by virtual(8). */
export const postfix: MailServer = {
  name: 'Postfix',
  queuedId: /queued as (\w+)/,
  realModes: {
    auto: 'oneflight',
    off: 'lockstep',
    envelope: 'envelope',
    oneflight: 'oneflight',
  },
  remark: 'takes everything it offers.',
  start,
};

async function start(setting: ServerSetting): Promise<RunningServer> {
  const users = { server: 'postfix', queue: 'postdrop' };
  const jail = await Jail.unpack('postfix', PACKAGES, users);
  try {
    await configure(jail, setting);
    await jail.close();
    await addUser(jail, setting.apiKey);
    const version = await jail.run('/usr/sbin/postconf', [
      ...['-c', '/etc/postfix', '-h', 'mail_version'],
    ]);
    const master = await jail.start(
      '/usr/lib/postfix/sbin/master',
      ['-d', '-c', '/etc/postfix'],
      setting.port,
    );
    const spool = (name: string): string =>
      jail.path(`var/spool/postfix/${name}`);
    return {
      version: version.trim(),
      mailFolder: jail.path('mail'),
      queueFolders: QUEUES.map((name) => spool(name)),
      log: async () =>
        master.log + (await readFile(jail.path('var/log/postfix.log'), 'utf8')),
      stop: async () => {
        await master.stop();
        await jail.remove();
      },
    };
  } catch (error) {
    await jail.remove();
    throw error;
  }
}

async function configure(jail: Jail, setting: ServerSetting): Promise<void> {
  const { key, cert } = setting.certificate;
  await jail.file('etc/postfix/main.cf', mainCf());
  await jail.file('etc/postfix/master.cf', masterCf(setting.port));
  await jail.file('etc/postfix/mailboxes', '/^(.+)@/ $1/\n');
  await jail.file('etc/postfix/tls.pem', key + cert, { mode: 0o600 });
  await jail.file(
    'etc/postfix/sasl/smtpd.conf',
    'pwcheck_method: auxprop\nauxprop_plugin: sasldb\nmech_list: PLAIN\n',
  );
  const own = { mode: 0o700, uid: USERS.server };
  await jail.folder('var/spool/postfix');
  await jail.folder('var/spool/postfix/pid');
  await jail.folder('var/lib/postfix', own);
  for (const name of [...QUEUES, ...OTHER_FOLDERS]) {
    await jail.folder(`var/spool/postfix/${name}`, own);
  }
  const shared = { uid: USERS.server, gid: USERS.queue };
  const spool = 'var/spool/postfix';
  await jail.folder(`${spool}/maildrop`, { mode: 0o1730, ...shared });
  await jail.folder(`${spool}/public`, { mode: 0o2710, ...shared });
}

async function addUser(jail: Jail, apiKey: string): Promise<void> {
  const args = ['-p', '-c', '-u', 'localhost', 'apikey'];
  await jail.run('/usr/sbin/saslpasswd2', args, apiKey);
  await jail.own('etc/sasldb2', { mode: 0o600, uid: USERS.server });
}

function mainCf(): string {
  return `
compatibility_level = 3.6
myhostname = localhost
mydestination =
inet_protocols = ipv4
maillog_file = /var/log/postfix.log
smtpd_tls_security_level = encrypt
smtpd_tls_chain_files = /etc/postfix/tls.pem
smtpd_sasl_auth_enable = yes
cyrus_sasl_config_path = /etc/postfix/sasl
smtpd_relay_restrictions = permit_sasl_authenticated, reject
smtpd_recipient_restrictions = permit_sasl_authenticated, reject
mailbox_transport_maps =
virtual_mailbox_domains = example.com
virtual_mailbox_base = /mail
virtual_mailbox_maps = regexp:/etc/postfix/mailboxes
virtual_uid_maps = static:${USERS.mail}
virtual_gid_maps = static:${USERS.mail}
virtual_alias_maps =
alias_maps =
`;
}

function masterCf(port: number): string {
  return `
127.0.0.1:${port} inet n - n - - smtpd
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
proxymap unix - - n - - proxymap
smtp unix - - n - - smtp
error unix - - n - - error
retry unix - - n - - error
virtual unix - n n - - virtual
anvil unix - - n - 1 anvil
postlog unix-dgram n - n - 1 postlogd
`;
}

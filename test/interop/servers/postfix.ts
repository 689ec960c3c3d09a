import { readFile } from 'node:fs/promises';
import { MAILBOXES } from '../support/corpus.js';
import { IDS, type Jail } from '../support/jail.js';
import {
  WHOLE_RANGE,
  type MailServer,
  type ServerSetting,
} from '../support/mail-server.js';
import { startInJail, type JailedRun } from '../support/start-in-jail.js';

const QUEUES = ['maildrop', 'incoming', 'active', 'deferred'];
const FOLDERS = [
  'bounce',
  'corrupt',
  'defer',
  'flush',
  'hold',
  'private',
  'saved',
  'trace',
];

/** Postfix: smtpd with Cyrus SASL, delivery by virtual(8). */
export const postfix: MailServer = {
  name: 'Postfix',
  queuedId: /queued as (\w+)/,
  secure: true,
  realModes: WHOLE_RANGE,
  remark: 'Postfix takes one-flight.',
  start: (setting) =>
    startInJail(
      {
        name: 'postfix',
        packages: [
          'postfix',
          'sasl2-bin',
          'libsasl2-modules',
          'libsasl2-modules-db',
        ],
        users: { server: 'postfix', queue: 'postdrop' },
        furnish,
        start,
      },
      setting,
    ),
};

async function furnish(jail: Jail, setting: ServerSetting): Promise<void> {
  const { key, cert } = setting.certificate;
  const mailboxes = MAILBOXES.map((name) => `${name}@example.com ${name}/\n`);
  await jail.file('etc/postfix/main.cf', mainCf());
  await jail.file('etc/postfix/master.cf', masterCf(setting.port));
  await jail.file('etc/postfix/mailboxes', mailboxes.join(''));
  await jail.file('etc/postfix/tls.pem', key + cert, { mode: 0o600 });
  await jail.file(
    'etc/postfix/sasl/smtpd.conf',
    'pwcheck_method: auxprop\nauxprop_plugin: sasldb\nmech_list: PLAIN\n',
  );
  const own = { mode: 0o700, uid: IDS.server };
  const spool = 'var/spool/postfix';
  await jail.folder(spool);
  await jail.folder(`${spool}/pid`);
  await jail.folder('var/lib/postfix', own);
  for (const name of [...QUEUES, ...FOLDERS]) {
    await jail.folder(`${spool}/${name}`, own);
  }
  const shared = { uid: IDS.server, gid: IDS.queue };
  await jail.folder(`${spool}/maildrop`, { mode: 0o1730, ...shared });
  await jail.folder(`${spool}/public`, { mode: 0o2710, ...shared });
}

async function start(
  jail: Jail,
  { port, apiKey }: ServerSetting,
): Promise<JailedRun> {
  const user = ['-p', '-c', '-u', 'localhost', 'apikey'];
  await jail.run('/usr/sbin/saslpasswd2', user, apiKey);
  await jail.own('etc/sasldb2', { mode: 0o600, uid: IDS.server });
  const version = await jail.run('/usr/sbin/postconf', ['-h', 'mail_version']);
  const daemon = await jail.start(
    '/usr/lib/postfix/sbin/master',
    ['-d', '-c', '/etc/postfix'],
    port,
  );
  return {
    version: version.trim(),
    queueFolders: QUEUES.map((name) => jail.path(`var/spool/postfix/${name}`)),
    log: () => readFile(jail.path('var/log/postfix.log'), 'utf8'),
    daemon,
  };
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
virtual_mailbox_domains = example.com
virtual_mailbox_base = /mail
virtual_mailbox_maps = texthash:/etc/postfix/mailboxes
virtual_uid_maps = static:${IDS.mail}
virtual_gid_maps = static:${IDS.mail}
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
error unix - - n - - error
retry unix - - n - - error
proxymap unix - - n - - proxymap
smtp unix - - n - - smtp
virtual unix - n n - - virtual
anvil unix - - n - 1 anvil
postlog unix-dgram n - n - 1 postlogd
`;
}

import { copyFile, mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runFolder } from '../support/cache.js';
import type {
  MailServer,
  RunningServer,
  ServerSetting,
  WantedMode,
} from '../support/mail-server.js';
import { npmPackage } from '../support/npm-package.js';
import { ServerProcess } from '../support/server-process.js';

const PLUGIN = fileURLToPath(
  new URL('../programs/haraka-maildir.cjs', import.meta.url),
);

/** Haraka with its own TLS and AUTH plugins, and one that writes Maildirs. */
export function haraka(
  version: string,
  realModes: Readonly<Record<WantedMode, string>>,
  remark: string,
): MailServer {
  return {
    name: 'Haraka',
    queuedId: /^250 Message Queued \((\S+)\)/,
    realModes,
    remark,
    start: (setting) => start(version, setting),
  };
}

async function start(
  version: string,
  setting: ServerSetting,
): Promise<RunningServer> {
  const program = await npmPackage('Haraka', version);
  const folder = await runFolder('haraka');
  const mailFolder = join(folder, 'mail');
  for (const [path, text] of Object.entries(files(setting, mailFolder))) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  }
  await mkdir(mailFolder);
  await mkdir(join(folder, 'plugins'));
  await copyFile(PLUGIN, join(folder, 'plugins/maildir.js'));
  const bin = join(program, 'bin/haraka');
  const server = await ServerProcess.start(
    process.execPath,
    [bin, '-c', folder],
    { port: setting.port, cwd: folder },
  );
  return {
    version,
    mailFolder,
    queueFolders: [],
    log: () => Promise.resolve(server.log),
    stop: async () => {
      await server.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Its configuration; the limit of a line is below that of RFC 5321 unless told. */
function files(
  { port, apiKey, certificate }: ServerSetting,
  mailFolder: string,
): Record<string, string> {
  return {
    'config/smtp.ini': `listen=127.0.0.1:${port}\nnodes=0\n`,
    'config/plugins': 'tls\nauth/flat_file\nmaildir\n',
    'config/me': 'localhost\n',
    'config/loglevel': 'NOTICE\n',
    'config/connection.ini': '[max]\ndata_line_length=10000\n',
    'config/tls.ini': '',
    'config/tls_key.pem': certificate.key,
    'config/tls_cert.pem': certificate.cert,
    'config/auth_flat_file.ini': `[core]\nmethods=PLAIN\nconstrain_sender=false\n[users]\napikey=${apiKey}\n`,
    'config/maildir.ini': `folder=${mailFolder}\n`,
  };
}

import { copyFile, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runFolder } from '../../support/servers/cache.js';
import {
  WHOLE_RANGE,
  type MailServer,
  type RealModes,
  type RunningServer,
  type ServerSetting,
} from '../support/mail-server.js';
import { npmPackage } from '../support/npm-package.js';
import { ServerProcess } from '../../support/servers/server-process.js';

const PLUGIN = fileURLToPath(
  new URL('../programs/haraka-maildir.cjs', import.meta.url),
);

/** A version from before commands behind a final dot were refused. */
export const harakaBefore: MailServer = haraka(
  '3.1.6',
  WHOLE_RANGE,
  'Haraka 3.1.6 takes one-flight.',
);

/** The newest version. */
export const harakaNewest: MailServer = haraka(
  '3.3.4',
  { ...WHOLE_RANGE, auto: 'envelope', oneflight: 'envelope' },
  'Haraka 3.3.4 answers 503 to every command that came behind a final dot before it was answered (GHSA-rp4q-8m6x-c43c). Nothing is lost by that: those envelopes are sent again, and grouped envelopes remain.',
);

/** Haraka with its own TLS and AUTH plugins, and one that writes Maildirs. */
function haraka(
  version: string,
  realModes: RealModes,
  remark: string,
): MailServer {
  return {
    name: 'Haraka',
    queuedId: /^250 Message Queued \((\S+)\)/,
    secure: true,
    realModes,
    refusesOneFlight: realModes.oneflight !== 'oneflight',
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
  await writeFile(
    join(folder, 'config/connection.ini'),
    await connectionIni(program),
  );
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

/** Its own one, but for the limit of a line, which is below RFC 5321's. */
async function connectionIni(program: string): Promise<string> {
  const text = await readFile(join(program, 'config/connection.ini'), 'utf8');
  return text.replace(/^data_line_length=.*$/m, 'data_line_length=10000');
}

function files(
  { port, apiKey, certificate }: ServerSetting,
  mailFolder: string,
): Record<string, string> {
  return {
    'config/smtp.ini': `listen=127.0.0.1:${port}\nnodes=0\n`,
    'config/plugins': 'tls\nauth/flat_file\nmaildir\n',
    'config/me': 'localhost\n',
    'config/loglevel': 'NOTICE\n',
    'config/tls.ini': '',
    'config/tls_key.pem': certificate.key,
    'config/tls_cert.pem': certificate.cert,
    'config/auth_flat_file.ini': `[core]\nmethods=PLAIN\nconstrain_sender=false\n[users]\napikey=${apiKey}\n`,
    'config/maildir.ini': `folder=${mailFolder}\n`,
  };
}

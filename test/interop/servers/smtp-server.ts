import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runFolder } from '../../support/servers/cache.js';
import {
  WHOLE_RANGE,
  type MailServer,
  type RunningServer,
  type ServerSetting,
} from '../support/mail-server.js';
import { ServerProcess } from '../../support/servers/server-process.js';

const here = (path: string): string =>
  fileURLToPath(new URL(path, import.meta.url));

/** smtp-server, nodemailer's sibling, in a process of its own. */
export const smtpServer: MailServer = {
  name: 'smtp-server',
  queuedId: /^250 Message queued as (\S+)/,
  secure: true,
  realModes: WHOLE_RANGE,
  remark: 'smtp-server takes one-flight.',
  start,
};

async function start({
  port,
  apiKey,
  certificate: { key, cert },
}: ServerSetting): Promise<RunningServer> {
  const run = await runFolder('smtp-server');
  const folder = join(run, 'mail');
  await mkdir(folder);
  const settings = { port, apiKey, key, cert, folder };
  await writeFile(join(run, 'settings.json'), JSON.stringify(settings));
  const server = await ServerProcess.start(
    process.execPath,
    [here('../programs/smtp-server.mjs'), join(run, 'settings.json')],
    { port },
  );
  return {
    version: await versionOf('smtp-server'),
    mailFolder: folder,
    queueFolders: [],
    log: () => Promise.resolve(server.log),
    stop: async () => {
      await server.stop();
      await rm(run, { recursive: true, force: true });
    },
  };
}

async function versionOf(name: string): Promise<string> {
  const path = here(`../../../node_modules/${name}/package.json`);
  const { version } = JSON.parse(await readFile(path, 'utf8')) as {
    version: string;
  };
  return version;
}

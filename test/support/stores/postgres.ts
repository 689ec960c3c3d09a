import { appendFile, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { run } from '../servers/run.js';
import { storePrograms, type StorePackage } from './store-programs.js';
import { ask, StoreServer, type StorePlace } from './store-server.js';

/** The user `nobody`: PostgreSQL refuses root, and ids without a name. */
const NOBODY = 65_534;

/** Debian's PostgreSQL, the newest version that is there. */
export const POSTGRES: StorePackage = {
  name: 'postgresql',
  find: async (root) => {
    const folder = join(root, 'usr/lib/postgresql');
    const versions = await readdir(folder).catch((): string[] => []);
    const newest = versions.toSorted((a, b) => Number(a) - Number(b)).at(-1);
    return newest === undefined ? undefined : join(folder, newest, 'bin');
  },
};

/** Starts a PostgreSQL that writes every commit to its disk before it answers. */
export async function startPostgres(): Promise<StoreServer> {
  const { folder: programs, env } = await storePrograms(POSTGRES);
  return StoreServer.start({
    name: 'postgres',
    idUnderRoot: NOBODY,
    // Ends the sessions of clients, too.
    endSignal: 'SIGINT',
    env,
    prepare: (place) => initialise(programs, place, env),
    command: ({ folder, port }) => [
      join(programs, 'postgres'),
      ['-D', dataOf(folder), '-p', String(port)],
    ],
    isReady: async ({ port }) => (await ask(port, START_UP)).startsWith('R'),
    url: ({ port }) => `postgres://postgres@127.0.0.1:${port}/postgres`,
    cleanUp: removeSharedMemory,
  });
}

/** Asks for a session of `postgres`; R is what it says to one that it lets in. */
const START_UP = startUp({ user: 'postgres', database: 'postgres' });

function startUp(parameters: Readonly<Record<string, string>>): Buffer {
  const text = Object.entries(parameters).flat().join('\0');
  const body = Buffer.from(`\0\u0003\0\0${text}\0\0`, 'latin1');
  const length = Buffer.alloc(4);
  length.writeUInt32BE(body.length + 4);
  return Buffer.concat([length, body]);
}

const SETTINGS = `
listen_addresses = '127.0.0.1'
unix_socket_directories = ''
max_connections = 200
`;

async function initialise(
  programs: string,
  { folder, id }: StorePlace,
  env: NodeJS.ProcessEnv,
): Promise<void> {
  const as = id === undefined ? {} : { uid: id, gid: id };
  const args = '--username=postgres --auth=trust --no-locale --encoding=UTF8';
  await run(
    join(programs, 'initdb'),
    [...args.split(' '), '--pgdata', dataOf(folder)],
    { cwd: folder, env: { ...process.env, ...env }, ...as },
  );
  await appendFile(join(dataOf(folder), 'postgresql.conf'), SETTINGS);
}

/** What one that was killed leaves in the kernel, until its next start. */
async function removeSharedMemory({ folder }: StorePlace): Promise<void> {
  const file = join(dataOf(folder), 'postmaster.pid');
  const text = await readFile(file, 'utf8').catch(() => '');
  const id = /^ *\d+ +(\d+) *$/m.exec(text)?.[1];
  if (id !== undefined) await run('ipcrm', ['-m', id]).catch(() => '');
}

function dataOf(folder: string): string {
  return join(folder, 'data');
}

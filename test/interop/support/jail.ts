import { chmod, chown, copyFile, mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { runFolder } from '../../support/servers/cache.js';
import {
  needRoot,
  unpackPackages,
} from '../../support/servers/debian-packages.js';
import { run } from '../../support/servers/run.js';
import { ServerProcess } from '../../support/servers/server-process.js';
import { copyLibraries } from './shared-libraries.js';

/** Ids of the users of a jail; outside of it they have no names. */
export const IDS = { server: 47_001, queue: 47_002, mail: 47_003 } as const;

/** Names that a package expects its users to have. */
export interface JailUsers {
  readonly server: string;
  readonly queue: string;
}

/** Rights and owner of a file, root's unless told. */
export interface Owned {
  readonly mode?: number;
  readonly uid?: number;
  readonly gid?: number;
}

/**
 * A folder that a Debian package takes for the whole machine (chroot): its
 * own users, configuration, spool and mail, without a trace outside.
 */
export class Jail {
  readonly root: string;

  private constructor(root: string) {
    this.root = root;
  }

  static async make(name: string, users: JailUsers): Promise<Jail> {
    const jail = new Jail(await runFolder(name));
    await chmod(jail.root, 0o755);
    await jail.#furnish(users);
    return jail;
  }

  /** Where a path of the jail really is. */
  path(inside: string): string {
    return join(this.root, inside);
  }

  async unpack(packages: readonly string[]): Promise<void> {
    needRoot(packages);
    await unpackPackages(packages, this.root);
    await this.#device('null', '3');
    await this.#device('urandom', '9');
    await this.folder('mail', { uid: IDS.mail, gid: IDS.mail });
  }

  async folder(inside: string, owned: Owned = {}): Promise<void> {
    await mkdir(this.path(inside), { recursive: true });
    await this.own(inside, { mode: 0o755, ...owned });
  }

  async file(
    inside: string,
    content: string,
    owned: Owned = {},
  ): Promise<void> {
    await mkdir(dirname(this.path(inside)), { recursive: true });
    await writeFile(this.path(inside), content);
    await this.own(inside, { mode: 0o644, ...owned });
  }

  async own(
    inside: string,
    { mode = 0o755, uid = 0, gid = 0 }: Owned,
  ): Promise<void> {
    await chown(this.path(inside), uid, gid);
    await chmod(this.path(inside), mode);
  }

  /** Brings a program of this machine in. */
  async copy(path: string): Promise<void> {
    await mkdir(dirname(this.path(path)), { recursive: true });
    await copyFile(path, this.path(path));
  }

  /** Copies what the programs inside load; to be called before any is run. */
  async close(): Promise<void> {
    await copyLibraries(this.root);
  }

  /** Runs a program to its end and resolves with what it printed. */
  async run(
    command: string,
    args: readonly string[],
    input = '',
  ): Promise<string> {
    return run('chroot', [this.root, command, ...args], { input });
  }

  /** Starts a program that listens on a port. */
  async start(
    command: string,
    args: readonly string[],
    port: number,
  ): Promise<ServerProcess> {
    return ServerProcess.start('chroot', [this.root, command, ...args], {
      port,
      jail: this.root,
    });
  }

  async remove(): Promise<void> {
    await rm(this.root, { recursive: true, force: true });
  }

  async #furnish({ server, queue }: JailUsers): Promise<void> {
    const users = [
      ['root', 0],
      ['nobody', 65_534],
      [server, IDS.server],
      [queue, IDS.queue],
      ['vmail', IDS.mail],
    ] as const;
    const passwd = users.map(
      ([name, id]) => `${name}:x:${id}:${id}:${name}:/:/bin/false\n`,
    );
    const group = users.map(([name, id]) => `${name}:x:${id}:\n`);
    await mkdir(this.path('etc'));
    await writeFile(this.path('etc/passwd'), passwd.join(''));
    await writeFile(this.path('etc/group'), group.join(''));
    await writeFile(this.path('etc/hosts'), '127.0.0.1 localhost\n');
    await writeFile(this.path('etc/nsswitch.conf'), 'hosts: files\n');
  }

  async #device(name: string, minor: string): Promise<void> {
    await this.folder('dev');
    const path = this.path(`dev/${name}`);
    await run('mknod', ['--mode=666', path, 'c', '1', minor]);
  }
}

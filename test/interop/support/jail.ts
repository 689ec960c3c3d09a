import { chmod, chown, copyFile, mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { runFolder } from './cache.js';
import { unpackPackages } from './debian-packages.js';
import { run } from './run.js';
import { ServerProcess } from './server-process.js';
import { copyLibraries } from './shared-libraries.js';

/** Users that exist inside of a jail only, by name. */
export const USERS = { server: 47_001, queue: 47_002, mail: 47_003 } as const;

interface Owned {
  readonly mode?: number;
  readonly uid?: number;
  readonly gid?: number;
}

/**
 * A folder that a Debian package takes for the whole machine (chroot): its
 * own configuration, users, spool and mail, without a trace outside.
 */
export class Jail {
  readonly root: string;

  private constructor(root: string) {
    this.root = root;
  }

  /**
   * Unpacks packages into a new jail.
   *
   * @param users names for `server` and `queue`, as the package has them
   */
  static async unpack(
    name: string,
    packages: readonly string[],
    users: { readonly server: string; readonly queue: string },
  ): Promise<Jail> {
    const jail = new Jail(await runFolder(name));
    await chmod(jail.root, 0o755);
    await unpackPackages(packages, jail.root);
    await jail.#furnish({ ...users, mail: 'vmail' });
    return jail;
  }

  /** Where a path of the jail really is. */
  path(inside: string): string {
    return join(this.root, inside);
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

  /** Brings a program of this machine in. */
  async copy(path: string): Promise<void> {
    await mkdir(dirname(this.path(path)), { recursive: true });
    await copyFile(path, this.path(path));
  }

  /** Copies what the unpacked programs load. To be called before any is run. */
  async close(): Promise<void> {
    await copyLibraries(this.root);
  }

  async run(
    command: string,
    args: readonly string[],
    input = '',
  ): Promise<string> {
    return run('chroot', [this.root, command, ...args], { input });
  }

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

  /** Sets owner and rights. */
  async own(inside: string, { mode, uid = 0, gid = 0 }: Owned): Promise<void> {
    const path = this.path(inside);
    await chown(path, uid, gid);
    if (mode !== undefined) await chmod(path, mode);
  }

  async #furnish(names: Record<keyof typeof USERS, string>): Promise<void> {
    const users = [
      ['root', 0],
      ['nobody', 65_534],
      ...Object.entries(USERS).map(
        ([role, id]) => [names[role as keyof typeof USERS], id] as const,
      ),
    ] as const;
    const passwd = users.map(
      ([name, id]) => `${name}:x:${id}:${id}:${name}:/:/bin/false\n`,
    );
    const group = users.map(([name, id]) => `${name}:x:${id}:\n`);
    await this.file('etc/passwd', passwd.join(''));
    await this.file('etc/group', group.join(''));
    await this.file('etc/hosts', '127.0.0.1 localhost\n');
    await this.file('etc/nsswitch.conf', 'hosts: files\n');
    await this.folder('tmp', { mode: 0o1777 });
    await this.folder('mail', { uid: USERS.mail, gid: USERS.mail });
    await this.folder('dev');
    await this.#device('null', '3');
    await this.#device('urandom', '9');
  }

  async #device(name: string, minor: string): Promise<void> {
    const path = this.path(`dev/${name}`);
    await run('mknod', ['--mode=666', path, 'c', '1', minor]);
  }
}

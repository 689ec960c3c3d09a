import { Jail, type JailUsers } from './jail.js';
import type { RunningServer, ServerSetting } from './mail-server.js';
import type { ServerProcess } from '../../support/servers/server-process.js';

/** What a server in a jail adds to its start. */
export interface JailedServer {
  readonly name: string;
  /** Debian packages; what they need comes with them. */
  readonly packages: readonly string[];
  readonly users: JailUsers;

  /** Writes configuration and folders; nothing runs yet. */
  furnish(jail: Jail, setting: ServerSetting): Promise<void>;

  /** Starts it as the last thing that can fail. */
  start(jail: Jail, setting: ServerSetting): Promise<JailedRun>;
}

/** A server that runs in a jail; its mail is in `/mail`. */
export type JailedRun = Omit<RunningServer, 'mailFolder' | 'stop'> & {
  readonly daemon: ServerProcess;
};

/** Unpacks, furnishes and starts a server; leaves nothing behind if that fails. */
export async function startInJail(
  server: JailedServer,
  setting: ServerSetting,
): Promise<RunningServer> {
  const jail = await Jail.make(server.name, server.users);
  try {
    await jail.unpack(server.packages);
    await server.furnish(jail, setting);
    await jail.close();
    const { daemon, ...running } = await server.start(jail, setting);
    return {
      ...running,
      mailFolder: jail.path('mail'),
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

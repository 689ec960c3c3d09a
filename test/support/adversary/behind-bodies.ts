import type { Script } from '../scripted-server.js';

/** Answers every command that came in one packet with a dot like this. */
export function behindBodies(answer: string): Script {
  const behind = new Set<number>();
  return ({ event, connection }) => {
    if (event === 'DOT') {
      behind.add(connection);
      setImmediate(() => behind.delete(connection));
    }
    const rides = behind.has(connection) && /MAIL|RCPT|DATA/.test(event);
    return rides ? answer : undefined;
  };
}

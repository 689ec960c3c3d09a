import type { PluginFunction } from 'nodemailer';

/**
 * Holds a plugin to nodemailer's contract: what it throws or rejects with
 * becomes its callback's error, and only its first call back counts. A second
 * one would send the message twice. All plugins of a transporter must be
 * guarded: what a later one throws would be taken for this one's.
 */
export function guardPlugin<T>(plugin: PluginFunction<T>): PluginFunction<T> {
  return (mail, callback) => {
    let called = false;
    const once = (error?: unknown): void => {
      if (called) return;
      called = true;
      callback(error == null ? null : toError(error));
    };
    try {
      // Typed as returning nothing, but an async function fits that type.
      const returned: unknown = plugin(mail, once);
      if (returned instanceof Promise) returned.catch(once);
    } catch (error) {
      once(error);
    }
  };
}

function toError(value: unknown): Error {
  return value instanceof Error ? value : new Error(String(value));
}

import { refused, textOf } from './field-checks.js';

const UUID = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i;

export function ipPoolOf(value: unknown, path: string): string {
  const name = textOf(value, path);
  if (name.length >= 2 && name.length <= 64) return name;
  throw refused(path, `must have 2 to 64 characters, not ${name.length}.`);
}

export function batchIdOf(value: unknown, path: string): string {
  const id = textOf(value, path);
  if (/^[!-~]+$/.test(id)) return id;
  throw refused(path, 'must be an id that `POST /v3/mail/batch` gave.');
}

export function templateIdOf(value: unknown, path: string): string {
  const id = textOf(value, path);
  if (UUID.test(id)) return id;
  throw refused(
    path,
    id.startsWith('d-')
      ? 'names a dynamic template. SendGrid takes these over its v3 HTTP API ' +
          'only, and would drop the message. Send the content itself, use a ' +
          'legacy template, or use the v3 API for this mail.'
      : 'must be the UUID of a legacy template.',
  );
}

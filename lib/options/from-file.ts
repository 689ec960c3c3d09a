import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';

/**
 * Makes an `apiKey` function that reads the key from a file, such as a mounted
 * secret, each time it is asked. One line feed at the end is stripped, with a
 * carriage return before it; everything else belongs to the key.
 *
 * @example
 * ```ts
 * SendGridSmtpModule.forRoot({ apiKey: fromFile('/run/secrets/sendgrid') });
 * ```
 */
export function fromFile(path: string): () => Promise<string> {
  const place = resolve(path);
  return async () => {
    const text = await contentOf(place);
    return text.replace(/\r?\n$/, '');
  };
}

async function contentOf(place: string): Promise<string> {
  try {
    return await readFile(place, 'utf8');
  } catch (cause) {
    const code: unknown = Reflect.get(Object(cause), 'code');
    throw new Error(
      `The key file ${place} cannot be read (${String(code)}): check that it is mounted and that this process may read it`,
      { cause },
    );
  }
}

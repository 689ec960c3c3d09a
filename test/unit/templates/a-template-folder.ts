import {
  mkdirSync,
  mkdtempSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import {
  createTemplates,
  TemplateError,
  type Templates,
  type TemplatesOptions,
} from 'nestjs-sendgrid-smtp/templates';
import { afterEach, beforeEach } from 'vitest';

/** A folder of templates, made anew for every test of the file. */
export class ATemplateFolder {
  #root = '';

  static forEach(): ATemplateFolder {
    const made = new ATemplateFolder();
    beforeEach(() => {
      made.#root = realpathSync(mkdtempSync(join(tmpdir(), 'templates-')));
      mkdirSync(made.path);
    });
    afterEach(() => rmSync(made.#root, { recursive: true }));
    return made;
  }

  get path(): string {
    return join(this.#root, 'templates');
  }

  at(file: string): string {
    return join(this.path, file);
  }

  /** Writes files by their paths in the folder; `../` leads beside it. */
  write(files: Readonly<Record<string, string>>): void {
    for (const [file, text] of Object.entries(files)) {
      mkdirSync(dirname(this.at(file)), { recursive: true });
      writeFileSync(this.at(file), text);
    }
  }

  /** Templates of the folder, without plain text unless that is asked for. */
  templates(options: TemplatesOptions = {}): Templates {
    return createTemplates({ directory: this.path, text: 'none', ...options });
  }
}

/** What a render or a check is refused with. */
export async function refusalOf(
  work: Promise<unknown>,
): Promise<TemplateError> {
  const error: unknown = await work.then(
    () => 'nothing',
    (thrown: unknown) => thrown,
  );
  if (error instanceof TemplateError) return error;
  throw new Error('It was not refused with a TemplateError', { cause: error });
}

import { excerpt } from '../../message/invalid-message.js';
import { TemplateError } from '../template.error.js';

const LONGEST = 256;

/** A word of a path: no dot first or last, and never two in a row. */
const WORD = /^[\p{L}\p{N}_-]+(?:\.[\p{L}\p{N}_-]+)*$/u;

/** Whether a text can be a template's name, see {@link checkName}. */
export function isName(name: string): boolean {
  return (
    name.length <= LONGEST && name.split('/').every((word) => WORD.test(word))
  );
}

/**
 * Checks the name of a template: words of letters, digits, `_`, `-` and single
 * dots, with slashes between them. So it has no way out of a directory.
 *
 * @param by - the file that names it, if one does
 * @throws TemplateError
 */
export function checkName(name: string, by?: string): void {
  if (isName(name)) return;
  const given = excerpt(name);
  throw new TemplateError([
    by === undefined
      ? { file: shown(name), problem: `cannot be named so: ${RULE}` }
      : { file: by, problem: `names a partial ${given}: ${RULE}` },
  ]);
}

const RULE =
  'a name has words of letters, digits, `_`, `-` and single dots, with `/` between them';

function shown(name: string): string {
  return excerpt(name).slice(1, -1);
}

import { compileFields } from './compile-fields.js';
import { entriesOf, refused } from './field-checks.js';
import { hasLists } from './substitutions.js';

const PATH = 'defaults.sendgrid';

/** What is wrong with the fields that every message starts from, or nothing. */
export function sendGridProblem(fields: unknown): string | undefined {
  try {
    checkDefaults(fields);
    return undefined;
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    return `is refused: ${error.message.replace(/\.$/, '')}`;
  }
}

function checkDefaults(fields: unknown): void {
  for (const [name, value] of entriesOf(fields, PATH)) {
    if ((name === 'sendAt' || name === 'sendEachAt') && value !== null) {
      throw refused(
        `${PATH}.${name}`,
        'would soon be past; give it with each message.',
      );
    }
  }
  if (!hasLists(compileFields(fields, PATH).substitutions)) return;
  throw refused(
    `${PATH}.substitutions`,
    'holds a list, which belongs to the recipients of one message.',
  );
}

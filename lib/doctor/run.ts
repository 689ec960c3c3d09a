import { isMailError } from '../errors/mail-error.js';
import { redactSecrets } from '../options/redact.js';
import { VERSION } from '../transport/version.js';
import { HELP, readCommand } from './command-line.js';
import { diagnose } from './diagnose.js';
import { printed } from './print.js';
import type { DoctorSettings } from './settings.js';

const MISUSE = 2;

/** Where a run writes to. */
export interface Output {
  out(text: string): void;
  error(text: string): void;
}

/** Does what the command line says; resolves with the exit code. */
export async function run(
  args: readonly string[],
  output: Output,
): Promise<number> {
  const command = readCommand(args);
  switch (command.kind) {
    case 'help':
      output.out(HELP);
      return 0;
    case 'version':
      output.out(`${VERSION}\n`);
      return 0;
    case 'misuse':
      return complain(command.problem, output);
    case 'doctor':
      return doctor(command.settings, command.json, output);
  }
}

async function doctor(
  settings: DoctorSettings,
  json: boolean,
  output: Output,
): Promise<number> {
  try {
    const report = await diagnose(settings);
    const text = json
      ? `${JSON.stringify(report, null, 2)}\n`
      : printed(report);
    output.out(text);
    return report.ok ? 0 : 1;
  } catch (error) {
    if (!isMailError(error)) throw error;
    return complain(error.message, output);
  }
}

/** What was typed may be the key, in the wrong place. */
function complain(problem: string, output: Output): number {
  output.error(`${redactSecrets(problem)}\nSee --help.\n`);
  return MISUSE;
}

import type { RelayCommand } from './messages.js';

/** The settings that the parent started this program with. */
export function parentSettings(): unknown {
  const [settings = '{}'] = process.argv.slice(2);
  return JSON.parse(settings);
}

/** Sends the parent one message; resolves once it has left. */
export async function tellParent(message: object): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    process.send?.(message, undefined, undefined, (error: Error | null) => {
      if (error === null) resolve();
      else reject(error);
    });
  });
}

/** Greets the parent and answers each of its commands, until it leaves. */
export function answerParent(
  greeting: object,
  answer: (command: RelayCommand) => Promise<object>,
): void {
  const reply = async (command: RelayCommand): Promise<void> => {
    await tellParent(await answer(command));
  };
  // The parent sends nothing else.
  process.on('message', (command) => void reply(command as RelayCommand));
  process.on('disconnect', () => process.exit());
  void tellParent(greeting);
}

/** Resolves once the parent says to go on. */
export async function goAhead(): Promise<void> {
  await new Promise((resolve) => process.once('message', resolve));
}

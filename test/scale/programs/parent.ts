/** The settings that the parent started this program with. */
export function settingsOf<T>(): T {
  const [settings = '{}'] = process.argv.slice(2);
  // The parent writes them from a value of this type.
  return JSON.parse(settings) as T;
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
export function answerParent<Command extends string>(
  greeting: object,
  answer: (command: Command) => Promise<object>,
): void {
  // The parent sends nothing else.
  process.on('message', (command) => void reply(command as Command));
  process.on('disconnect', () => process.exit());
  void tellParent(greeting);

  async function reply(command: Command): Promise<void> {
    await tellParent(await answer(command));
  }
}

/** Resolves once the parent says to go on. */
export async function goAhead(): Promise<void> {
  await new Promise((resolve) => process.once('message', resolve));
}

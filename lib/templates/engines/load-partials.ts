import type { TemplateSource } from '../template-engine.js';

/**
 * Loads every partial that a template and its partials name, each once.
 *
 * @param namesIn - the partials that a source names
 */
export async function loadPartials(
  source: TemplateSource,
  namesIn: (source: TemplateSource) => readonly string[],
): Promise<Map<string, TemplateSource>> {
  const loaded = new Map<string, TemplateSource>();
  const load = async (from: TemplateSource): Promise<void> => {
    const names = namesIn(from).filter((name) => !loaded.has(name));
    // Entered before they are there, or two that name each other never end.
    for (const name of names) loaded.set(name, from);
    const partials = await Promise.all(
      names.map(async (name) => [name, await from.partial(name)] as const),
    );
    for (const [name, partial] of partials) loaded.set(name, partial);
    await Promise.all(partials.map(([, partial]) => load(partial)));
  };
  await load(source);
  return loaded;
}

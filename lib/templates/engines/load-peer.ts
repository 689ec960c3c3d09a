import { isError } from '../faults.js';

/**
 * Loads an optional peer.
 *
 * @param otherwise - what else can be done, as the end of a sentence
 * @throws Error that says what to install
 */
export async function loadPeer<Module>(
  name: string,
  load: () => Promise<Module>,
  otherwise = '',
): Promise<Module> {
  try {
    return await load();
  } catch (error) {
    throw isMissing(error, name) ? missing(name, otherwise, error) : error;
  }
}

/** What a package of CommonJS exports, whichever way it was loaded. */
export function defaultOf<Exported>(module: {
  readonly default: Exported | { readonly default: Exported };
}): Exported {
  const exported: unknown = module.default;
  const inner: unknown =
    typeof exported === 'object' && exported !== null
      ? Reflect.get(exported, 'default')
      : undefined;
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- one of the two forms that the type names
  return (inner ?? exported) as Exported;
}

function isMissing(error: unknown, name: string): boolean {
  if (!isError(error)) return false;
  const code: unknown = Reflect.get(error, 'code');
  const isNotFound =
    code === 'ERR_MODULE_NOT_FOUND' || code === 'MODULE_NOT_FOUND';
  return isNotFound && error.message.includes(`'${name}'`);
}

function missing(name: string, otherwise: string, cause: unknown): Error {
  return new Error(
    `it needs the package ${name}, which is not installed. Run: npm install ${name}${otherwise}`,
    { cause },
  );
}

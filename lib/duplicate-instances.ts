import type { ModulesContainer } from '@nestjs/core';
import { InvalidOptionsError } from './errors/invalid-options.error.js';
import { instanceToken } from './instance-tokens.js';

type NestModule = ModulesContainer extends Map<string, infer M> ? M : never;

/**
 * Refuses a second instance of one name in an application.
 *
 * @throws InvalidOptionsError naming the modules that import them
 */
export function refuseDuplicates(
  name: string,
  modules: ModulesContainer,
): void {
  const token = instanceToken(name);
  const all = [...modules.values()];
  const instances = all.filter((module) => module.providers.has(token));
  if (instances.length < 2) return;
  const importers = all.flatMap((module) =>
    ownImports(module)
      .filter((imported) => instances.includes(imported))
      .map(() => module.name),
  );
  throw new InvalidOptionsError([
    {
      option: 'name',
      problem:
        `'${name}' is the name of ${instances.length} instances, imported by ` +
        `${importers.join(' and ')}. Import the module once, in the root ` +
        'module, or give each instance a name of its own.',
    },
  ]);
}

// Nest appends the global modules to every module's imports, its own core
// module first; what stands before that was written by the application.
function ownImports(module: NestModule): NestModule[] {
  const imports = [...module.imports];
  const core = imports.findIndex(({ name }) => name === 'InternalCoreModule');
  return core === -1 ? imports : imports.slice(0, core);
}

import {
  DiscoveryService,
  MetadataScanner,
  type ModulesContainer,
} from '@nestjs/core';
import type { EventHandlers } from './event-handlers.js';
import { HANDLED_EVENTS } from './on-sendgrid-event.decorator.js';

type Wrapper = ReturnType<DiscoveryService['getProviders']>[number];

/** A method of a class that was decorated. */
interface Decorated {
  readonly method: string;
  readonly names: readonly string[];
}

/**
 * Adds every decorated method of the application's providers and controllers.
 *
 * @param uncallable - told where one is that belongs to no one object
 */
export function discoverHandlers(
  modules: ModulesContainer,
  handlers: EventHandlers,
  uncallable: (where: string) => void,
): void {
  const discovery = new DiscoveryService(modules);
  const scanner = new MetadataScanner();
  // Under a second token, or in a second module, it is the same object.
  const seen = new Set<unknown>();
  const all = [...discovery.getProviders(), ...discovery.getControllers()];
  for (const wrapper of all) {
    const { instance, prototype } = hostOf(wrapper);
    if (prototype === undefined || seen.has(instance)) continue;
    seen.add(instance);
    for (const { method, names } of decoratedOf(prototype, scanner)) {
      const where = `${wrapper.name}.${method}`;
      if (!wrapper.isDependencyTreeStatic()) uncallable(where);
      else handlers.add(names, { where, handle: bound(instance, method) });
    }
  }
}

function hostOf({ instance, metatype }: Wrapper): {
  readonly instance: object;
  readonly prototype: object | undefined;
} {
  const object: object = Object(instance ?? metatype?.prototype);
  const prototype: unknown = Object.getPrototypeOf(object);
  const own: unknown = instance === undefined ? metatype?.prototype : prototype;
  const isClass = typeof own === 'object' && own !== null;
  return { instance: object, prototype: isClass ? own : undefined };
}

function decoratedOf(prototype: object, scanner: MetadataScanner): Decorated[] {
  return scanner.getAllMethodNames(prototype).flatMap((method) => {
    const names: unknown = Reflect.getMetadata(
      HANDLED_EVENTS,
      Object(Reflect.get(prototype, method)),
    );
    return Array.isArray(names) ? [{ method, names: names.map(String) }] : [];
  });
}

function bound(instance: object, method: string): (event: unknown) => unknown {
  const call: unknown = Reflect.get(instance, method);
  return typeof call === 'function'
    ? (event) => Reflect.apply(call, instance, [event])
    : () => undefined;
}

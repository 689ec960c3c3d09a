import { isRecord } from './is-record.js';

/** A name in the options that none of them has. */
export interface UnknownName {
  readonly group: OptionGroup;
  readonly path: string;
  readonly name: string;
}

/**
 * A set of options as class-validator sees it. A subclass gives each option
 * it knows an initial value, its default; every own property is an option.
 */
export abstract class OptionGroup {
  /** Every option this group knows. */
  static namesOf(group: OptionGroup): string[] {
    return Object.keys(group);
  }

  /**
   * Takes the own values of what the user gave; `undefined` is absent. Values
   * are unchecked until the group is validated. Returns the unknown names.
   */
  take(input: object, path = ''): UnknownName[] {
    return Object.getOwnPropertyNames(input).flatMap((name) => {
      if (!Object.hasOwn(this, name)) return [{ group: this, path, name }];
      const value: unknown = Reflect.get(input, name);
      return value === undefined ? [] : this.#put(path, name, value);
    });
  }

  #put(path: string, name: string, value: unknown): UnknownName[] {
    const current: unknown = Reflect.get(this, name);
    if (current instanceof OptionGroup && isRecord(value)) {
      return current.take(value, path === '' ? name : `${path}.${name}`);
    }
    Reflect.set(this, name, value);
    return [];
  }
}

/**
 * Tells whether a value can hold named options: an object that is no list,
 * no promise and no built-in container. Holds across realms.
 */
export function isRecord(value: unknown): value is object {
  return (
    Object.prototype.toString.call(value) === '[object Object]' &&
    typeof Reflect.get(Object(value), 'then') !== 'function'
  );
}

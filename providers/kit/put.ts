import type { JsonValue } from '#lib/model/index.ts';

/**
 * Sets a foreign key on an ordinary object, `__proto__` like any other. Objects without a prototype would need no care, but are
 * hash tables to the engine: four times as slow to write as JSON.
 */
export function put(into: { [key: string]: JsonValue }, key: string, value: JsonValue): void {
  if (key !== '__proto__') into[key] = value;
  else Object.defineProperty(into, key, { value, enumerable: true, configurable: true, writable: true });
}

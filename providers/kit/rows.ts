import type { Batch, DetailField, Resource, Unreadable } from '#lib/model/index.ts';

/** Thrown by a mapping for a row it cannot understand. `field` as in the provider's answer; the value is never in it. */
export class UnreadableRow extends Error {
  override readonly name = 'UnreadableRow';
  constructor(field: string, expected: string) {
    super(`${field}: expected ${expected}`);
  }
}

/**
 * Maps the rows of one page. A row that throws, whatever it throws, is counted as unreadable and makes its listing incomplete; the
 * others are kept.
 * @param id reads the row's own id for the report, null where it has none
 * @param unknown names the fields of a mapped row that could not be looked up; empty for most
 */
export function mapRows<T>(
  raw: readonly T[],
  id: (row: T) => string | null,
  map: (row: T) => Resource | Resource[],
  unknown: (resource: Resource, row: T) => readonly DetailField[] = () => NONE,
): Batch {
  const resources: Resource[] = [];
  const unreadable: Unreadable[] = [];
  const unknowns = new Map<string, readonly DetailField[]>();
  for (const row of raw) {
    try {
      const mapped = map(row);
      for (const resource of Array.isArray(mapped) ? mapped : [mapped]) {
        resources.push(resource);
        const fields = unknown(resource, row);
        if (fields.length > 0) unknowns.set(resource.uid, fields);
      }
    } catch (error) {
      unreadable.push({
        id: safeId(row, id),
        reason: error instanceof UnreadableRow ? error.message : 'row: expected an object of the documented shape',
      });
    }
  }
  return unknowns.size === 0 ? { resources, unreadable } : { resources, unreadable, unknown: unknowns };
}

const NONE: readonly DetailField[] = [];

function safeId<T>(row: T, id: (row: T) => string | null): string | null {
  try {
    return id(row);
  } catch {
    return null;
  }
}

import type { Batch, Resource, Unreadable } from '#lib/model/index.ts';

/** Thrown by a mapping for a row it cannot understand. `field` as in the provider's answer; the value is never in it. */
export class UnreadableRow extends Error {
  override readonly name = 'UnreadableRow';
  constructor(field: string, expected: string) {
    super(`${field}: expected ${expected}`);
  }
}

/**
 * Maps the rows of one page. A row that throws is counted and told, and makes its listing incomplete; the others are kept.
 * @param id reads the row's own id for the report, null where it has none
 */
export function mapRows<T>(
  raw: readonly T[],
  id: (row: T) => string | null,
  map: (row: T) => Resource | Resource[],
): Batch {
  const resources: Resource[] = [];
  const unreadable: Unreadable[] = [];
  for (const row of raw) {
    try {
      const mapped = map(row);
      if (Array.isArray(mapped)) resources.push(...mapped);
      else resources.push(mapped);
    } catch (error) {
      if (!(error instanceof UnreadableRow) && !(error instanceof TypeError)) throw error;
      unreadable.push({
        id: safeId(row, id),
        reason: error instanceof UnreadableRow ? error.message : 'row: expected an object of the documented shape',
      });
    }
  }
  return { resources, unreadable };
}

function safeId<T>(row: T, id: (row: T) => string | null): string | null {
  try {
    return id(row);
  } catch {
    return null;
  }
}

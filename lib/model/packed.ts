import { NULLABLE, type Resource } from './resource.ts';
import { tagsOf } from './tags.ts';

/**
 * A resource as the texts that are stored. Fifty thousand rows as objects cost more in garbage collection than their mapping;
 * as texts they cost next to nothing, and most are compared by hash and never read again.
 */
export interface PackedRow {
  readonly scope: string;
  readonly objectId: string;
  /** JSON of the resource without `raw`. It escapes what a text column cannot carry: lone surrogates and NUL. */
  readonly data: string;
  /** JSON of `raw`. */
  readonly raw: string;
}

export function pack(resource: Resource): PackedRow {
  const { raw, ...rest } = resource;
  return {
    scope: resource.scope,
    objectId: resource.objectId,
    data: JSON.stringify(rest),
    raw: JSON.stringify(raw) ?? 'null',
  };
}

/** Fields as earlier versions called them. Addresses were named by where they were found, when that was taken for how far they reach. */
interface Earlier {
  origin?: string;
  privateAddresses?: string[];
  publicAddresses?: string[];
}

/**
 * The resource of a row's `data`; its tags have no prototype, so that `__proto__` stays a key like any other. What the version that
 * wrote the row did not know is null.
 */
export function unpackData(data: string): Omit<Resource, 'raw'> {
  // Guarantee: `pack` wrote it, of this version or an earlier one.
  const read: Omit<Resource, 'raw'> & Earlier = JSON.parse(data);
  const { origin = '', privateAddresses = null, publicAddresses = null, ...resource } = read;
  const row = {
    // In front since they came, so that answers have the order that they had.
    ...{ physical: null, managed: null, ready: null, readyReason: null, lastEnd: null },
    ...{ addresses: privateAddresses, mappedAddresses: publicAddresses },
    ...resource,
    objectId: resource.objectId ?? origin,
    tags: tagsOf(Object.entries(resource.tags)),
  };
  for (const name of NULLABLE) row[name] ??= null;
  return row;
}

/** The rows of a listing by uid, packed; each reading of a {@link Resource} parses it anew. */
export interface PackedRows extends Iterable<readonly [uid: string, resource: Resource]> {
  readonly size: number;
  has(uid: string): boolean;
  get(uid: string): Resource | undefined;
  keys(): Iterable<string>;
  values(): Iterable<Resource>;
  /** Without parsing. */
  packed(uid: string): PackedRow | undefined;
  packedEntries(): Iterable<readonly [uid: string, row: PackedRow]>;
}

/** {@link PackedRows} that are still being read. */
export class RowCollector implements PackedRows {
  readonly #rows = new Map<string, PackedRow>();

  get size(): number {
    return this.#rows.size;
  }

  /** The last row of a uid wins. */
  set(resource: Resource): void {
    this.#rows.set(resource.uid, pack(resource));
  }

  clear(): void {
    this.#rows.clear();
  }

  has(uid: string): boolean {
    return this.#rows.has(uid);
  }

  get(uid: string): Resource | undefined {
    const row = this.#rows.get(uid);
    return row && unpack(row);
  }

  keys(): Iterable<string> {
    return this.#rows.keys();
  }

  values(): Iterable<Resource> {
    return this.#rows.values().map(unpack);
  }

  packed(uid: string): PackedRow | undefined {
    return this.#rows.get(uid);
  }

  packedEntries(): Iterable<readonly [string, PackedRow]> {
    return this.#rows;
  }

  [Symbol.iterator](): Iterator<readonly [string, Resource]> {
    return this.#rows.entries().map(([uid, row]): [string, Resource] => [uid, unpack(row)]);
  }
}

const unpack = (row: PackedRow): Resource => ({ ...unpackData(row.data), raw: JSON.parse(row.raw) });

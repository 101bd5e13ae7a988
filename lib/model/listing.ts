import { type DetailError, type DetailField, mergeDetailErrors, type Unknowns } from './detail.ts';
import { type PackedRows, RowCollector } from './packed.ts';
import type { Resource } from './resource.ts';
import type { Reason, Scope } from './scope.ts';

/** A row of the provider's answer that the mapping could not understand. `id` is null where not even that could be read. */
export interface Unreadable {
  id: string | null;
  /** Names the field and what was expected, without the value. */
  reason: string;
}

/** A page of a listing, mapped. */
export interface Batch {
  resources: Resource[];
  unreadable: Unreadable[];
  /** Where a call beside the list failed: what the store knows of these fields already, it keeps. */
  unknown?: Unknowns;
  /** The calls beside the list that fail, and what only they tell; also where all rows of the batch have it from before. */
  detailErrors?: readonly DetailError[];
  /** True where the list has begun anew, and what earlier batches held is void. */
  restart?: boolean;
}

const proof = Symbol('complete listing');

/** What was read of a scope. */
interface Seen {
  readonly scope: Scope;
  readonly resources: PackedRows;
  readonly unknown: Unknowns;
  readonly detailErrors: readonly DetailError[];
  readonly duplicates: number;
}

/**
 * Proof that a scope was read to its end without an error or an unreadable row. Only {@link drain} can make one,
 * and only the function that takes one removes rows: a call that fails never removes a row.
 */
export class CompleteListing {
  readonly complete = true;
  readonly scope: Scope;
  /** Each uid once; the last row wins. */
  readonly resources: PackedRows;
  readonly unknown: Unknowns;
  readonly detailErrors: readonly DetailError[];
  readonly duplicates: number;

  constructor(key: typeof proof, seen: Seen) {
    if (key !== proof) throw new TypeError('a CompleteListing is made by drain() only');
    this.scope = seen.scope;
    this.resources = seen.resources;
    this.unknown = seen.unknown;
    this.detailErrors = seen.detailErrors;
    this.duplicates = seen.duplicates;
  }
}

/** What was seen of a scope before it broke off: it may add and update, never remove. */
export interface IncompleteListing extends Seen {
  readonly complete: false;
  readonly unreadable: readonly Unreadable[];
  readonly reason: Reason;
  /** What the listing threw; undefined where it came to its end. */
  readonly error: unknown;
}

export type Listing = CompleteListing | IncompleteListing;

/** Turns what a listing threw into the reason its scope shows. */
export type Explain = (error: unknown) => Reason;

/**
 * Reads a listing to its end. Never throws for what the provider did: an error thrown by `batches` becomes the reason of an
 * {@link IncompleteListing} that keeps the rows seen so far.
 * @param explain maps the error to a {@link Reason} without secrets
 * @param onBatch called after each batch, for progress
 */
export async function drain(
  scope: Scope,
  batches: AsyncIterable<Batch>,
  explain: Explain,
  onBatch?: (seen: number) => void,
): Promise<Listing> {
  const resources = new RowCollector();
  const unknown = new Map<string, readonly DetailField[]>();
  const unreadable: Unreadable[] = [];
  let detailErrors: DetailError[] = [];
  let duplicates = 0;
  const incomplete = (reason: Reason, error?: unknown): IncompleteListing => ({
    complete: false,
    scope,
    resources,
    unknown,
    detailErrors,
    duplicates,
    unreadable,
    reason,
    error,
  });
  try {
    for await (const batch of batches) {
      if (batch.restart) {
        resources.clear();
        unknown.clear();
        unreadable.length = 0;
        detailErrors = [];
        duplicates = 0;
      }
      for (const resource of batch.resources) {
        const { uid } = resource;
        if (resources.has(uid)) duplicates++;
        resources.set(resource);
        const fields = batch.unknown?.get(uid);
        if (fields) unknown.set(uid, fields);
        else if (unknown.size > 0) unknown.delete(uid);
      }
      unreadable.push(...batch.unreadable);
      if (batch.detailErrors) detailErrors = mergeDetailErrors(detailErrors, batch.detailErrors);
      onBatch?.(resources.size);
    }
  } catch (error) {
    return incomplete(explain(error), error);
  }
  if (unreadable.length > 0) {
    return incomplete({
      kind: 'unreadable',
      message: `${unreadable.length} rows could not be read: ${unreadable[0]?.reason}`,
    });
  }
  return new CompleteListing(proof, { scope, resources, unknown, detailErrors, duplicates });
}

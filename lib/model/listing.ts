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
}

const proof = Symbol('complete listing');

/**
 * Proof that a scope was read to its end without an error or an unreadable row. Only {@link drain} can make one,
 * and only the function that takes one removes rows: a call that fails never removes a row.
 */
export class CompleteListing {
  readonly complete = true;
  readonly scope: Scope;
  /** Each uid once; the last sighting wins. */
  readonly resources: ReadonlyMap<string, Resource>;
  readonly duplicates: number;

  constructor(key: typeof proof, scope: Scope, resources: ReadonlyMap<string, Resource>, duplicates: number) {
    if (key !== proof) throw new TypeError('a CompleteListing is made by drain() only');
    this.scope = scope;
    this.resources = resources;
    this.duplicates = duplicates;
  }
}

/** What was seen of a scope before it broke off: it may add and update, never remove. */
export interface IncompleteListing {
  readonly complete: false;
  readonly scope: Scope;
  readonly resources: ReadonlyMap<string, Resource>;
  readonly duplicates: number;
  readonly unreadable: readonly Unreadable[];
  readonly reason: Reason;
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
  const resources = new Map<string, Resource>();
  const unreadable: Unreadable[] = [];
  let duplicates = 0;
  const incomplete = (reason: Reason): IncompleteListing => ({
    complete: false,
    scope,
    resources,
    duplicates,
    unreadable,
    reason,
  });
  try {
    for await (const batch of batches) {
      for (const resource of batch.resources) {
        if (resources.has(resource.uid)) duplicates++;
        resources.set(resource.uid, resource);
      }
      unreadable.push(...batch.unreadable);
      onBatch?.(resources.size);
    }
  } catch (error) {
    return incomplete(explain(error));
  }
  if (unreadable.length > 0) {
    return incomplete({
      kind: 'unreadable',
      message: `${unreadable.length} rows could not be read: ${unreadable[0]?.reason}`,
    });
  }
  return new CompleteListing(proof, scope, resources, duplicates);
}

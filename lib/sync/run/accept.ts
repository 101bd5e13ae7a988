import type { Batch, DetailError, Resource, Scope, Unreadable } from '#lib/model/index.ts';
import { detailErrorSchema, KINDS, STATES } from '#lib/model/index.ts';
import { oneLine } from './reason.ts';

/**
 * Lets through the rows that this scope may deliver. A row of another scope, source or provider, or of a shape that is not the
 * model's, is a mistake of the adapter: it counts as unreadable and makes the listing incomplete.
 * @throws TypeError where not even a batch has its shape
 */
export async function* accept(scope: Scope, batches: AsyncIterable<Batch>): AsyncGenerator<Batch> {
  for await (const batch of batches) yield acceptBatch(scope, batch);
}

function acceptBatch(scope: Scope, batch: Batch): Batch {
  if (!Array.isArray(batch?.resources) || !Array.isArray(batch.unreadable)) throw new TypeError('not a batch');
  const misfits: Unreadable[] = [];
  const fitting = batch.resources.filter((resource) => {
    const wrong = misfit(scope, resource);
    if (wrong)
      misfits.push({ id: typeof resource?.uid === 'string' ? resource.uid.slice(0, 200) : null, reason: wrong });
    return !wrong;
  });
  // The usual case copies nothing.
  if (misfits.length === 0 && !batch.detailErrors) return batch;
  return { ...withValidErrors(batch), resources: fitting, unreadable: [...batch.unreadable, ...misfits] };
}

/** The same with only the valid ones of its detail errors, their messages on one line: what they quote is foreign. */
export function withValidErrors<T extends { detailErrors?: readonly DetailError[] }>(rows: T): T {
  if (!rows.detailErrors) return rows;
  const detailErrors = (Array.isArray(rows.detailErrors) ? rows.detailErrors : []).flatMap((error) => {
    const parsed = detailErrorSchema.safeParse(error);
    return parsed.success ? [{ ...parsed.data, message: oneLine(parsed.data.message) }] : [];
  });
  return { ...rows, detailErrors };
}

const isText = (value: unknown): value is string => typeof value === 'string';
const kinds: ReadonlySet<unknown> = new Set(KINDS);
const states: ReadonlySet<unknown> = new Set(STATES);

/** What is wrong with a row, or null. Checks what identity and ownership rest on; the mapping's own tests check the rest. */
export function misfit(scope: Scope, resource: Resource): string | null {
  if (typeof resource !== 'object' || resource === null) return 'row: expected a resource';
  if (!isText(resource.uid) || resource.uid === '') return 'uid: expected a text';
  if (resource.scope !== scope.id) return 'scope: expected the scope that was listed';
  if (resource.source !== scope.source) return 'source: expected the source that was listed';
  if (resource.provider !== scope.provider) return 'provider: expected the provider that was listed';
  if (!isText(resource.name)) return 'name: expected a text';
  if (!isText(resource.nativeId) || resource.nativeId === '') return 'nativeId: expected a text';
  if (!isText(resource.objectId) || resource.objectId === '') return 'objectId: expected a text';
  if (!kinds.has(resource.kind)) return 'kind: expected a kind of the model';
  if (!states.has(resource.state)) return 'state: expected a state of the model';
  if (!Array.isArray(resource.aliases) || !Array.isArray(resource.identities)) return 'identities: expected lists';
  if (typeof resource.tags !== 'object' || resource.tags === null) return 'tags: expected an object of texts';
  return null;
}

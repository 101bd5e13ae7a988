import type { DetailField, Identity, Resource } from '#lib/model/index.ts';

type Row = Omit<Resource, 'raw'>;

/** A uid that is used again is another resource only if the provider says that it was created later. An earlier time is better knowledge. */
export const recreated = (before: Row, after: Row): boolean =>
  before.createdAt !== null && after.createdAt !== null && before.createdAt < after.createdAt;

/** What follows from the type: the stored value of another type is not this one's. */
const BY_TYPE: ReadonlySet<DetailField> = new Set(['vcpus', 'memory', 'isolation']);

/** What the native state is read as: the stored value of another one says nothing of this one. */
const BY_NATIVE_STATE: ReadonlySet<DetailField> = new Set(['state', 'stateReason', 'ready', 'readyReason']);

/**
 * `after` with the stored value of each field that its listing could not look up: a call that is refused must not turn what is
 * known into nothing. A resource that was created anew has nothing to keep. Where the creation itself could not be looked up, `after`
 * says no more than "not later than".
 */
export function keepKnown(before: Row, after: Row, unknown: readonly DetailField[]): Row {
  if (!unknown.includes('createdAt') && recreated(before, after)) return after;
  const sameType = unknown.includes('type') || before.type === after.type;
  const sameState = before.nativeState === after.nativeState;
  const kept = unknown.filter(
    (field) => (sameType || !BY_TYPE.has(field)) && (sameState || !BY_NATIVE_STATE.has(field)),
  );
  const merged: Row = { ...after };
  for (const field of kept) if (field !== 'identities' && field !== 'createdAt') copy(merged, before, field);
  if (kept.includes('createdAt')) merged.createdAt = earlier(before.createdAt, after.createdAt);
  if (kept.includes('identities')) merged.identities = [...after.identities, ...evidence(before, merged)];
  return merged;
}

const earlier = (a: string | null, b: string | null): string | null => (a === null || (b !== null && b < a) ? b : a);

function copy<F extends DetailField>(into: Row, from: Row, field: F): void {
  into[field] = from[field];
}

/** Identities of a kind that the listing has none of; addresses as long as the row has them, since others are given them later. */
function evidence(before: Row, after: Row): Identity[] {
  const types = new Set(after.identities.map((identity) => identity.type));
  const known = new Set(after.identities.map(({ type, value }) => `${type} ${value}`));
  const addresses = new Set([...(after.addresses ?? []), ...(after.mappedAddresses ?? [])]);
  return before.identities.filter(({ type, value }) => {
    if (known.has(`${type} ${value}`)) return false;
    return type === 'address' ? addresses.has(value) : !types.has(type);
  });
}

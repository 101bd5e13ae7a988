import type { Item } from '#lib/query/api.ts';
import { withClause } from '#lib/query/grammar/index.ts';

type Identity = Item['identities'][number];

// The names under which containers and nodes say what they run on, strongest first.
const HOST_TYPES: readonly Identity['type'][] = ['node', 'instance-id', 'provider-id', 'resource-id', 'vm-id'];

/** The filter for what runs on a VM or host; null where nothing could name it. */
export function whatRunsOn({ kind, identities }: Item): string | null {
  if (kind === 'container') return null;
  const known = HOST_TYPES.map((type) => identities.find((one) => one.type === type)).find((one) => one !== undefined);
  return known ? withClause('', 'on', [known.value]) : null;
}

/** A node is known by its cluster and its name; people know it by its name. */
export const shortIdentity = ({ type, value }: { type: string; value: string }): string =>
  type === 'node' ? value.slice(value.lastIndexOf('/') + 1) : value;

/** The filter that finds what this identity names; null for types that no field holds. */
export function whereIs(identity: Identity): string | null {
  if (identity.type === 'node' || identity.type === 'hostname')
    return withClause('', 'name', [shortIdentity(identity)]);
  if (identity.type === 'instance-id') return withClause('', 'id', [identity.value]);
  return null;
}

import type { Item } from '#lib/api/resources.ts';
import { exposedOf } from '#lib/language/grammar/reach.ts';
import type { Resource } from '#lib/model/index.ts';
import { anyResource } from './resource.ts';

/** A row that is a machine of its own, of which nothing else is known. */
const ALONE = { members: 1, host: null, guests: 0, node: null };

/** A row of the list as the API gives it. */
export function anyItem(fields: Partial<Resource> = {}): Item {
  const { raw: _, ...resource } = anyResource(fields);
  const at = '2026-11-21T09:00:00.000Z';
  return {
    ...resource,
    note: null,
    exposed: exposedOf(resource),
    scopeState: 'fresh',
    firstSeen: at,
    lastSeen: at,
    notKnown: [],
    ...ALONE,
    machine: resource.uid,
  };
}

import type { Item } from '#lib/api/resources.ts';
import { exposedOf } from '#lib/language/grammar/reach.ts';
import { noteOf } from '#lib/language/note.ts';
import type { ScopeStatus } from '#lib/model/index.ts';
import { notKnown, scopeStateAt } from '#lib/model/index.ts';
import type { StoredResource } from '#lib/store/port.ts';
import type { ScopeTable } from './columns/scopes.ts';

/** What the links of a row say: its machine, what it runs on and what runs on it. */
export type ItemLinks = Pick<Item, 'machine' | 'members' | 'host' | 'guests' | 'node'>;

/** A stored row as the list shows it at `now`. */
export function toItem(
  { resource, firstSeen, lastSeen }: StoredResource,
  links: ItemLinks,
  scopes: ScopeTable,
  now: number,
): Item {
  const scopeState = scopes.stateOf(resource.scope, now);
  const unanswered = notKnown(resource, scopes.get(resource.scope)?.detailErrors ?? []);
  return {
    ...resource,
    note: noteOf(resource),
    exposed: exposedOf(resource),
    scopeState,
    firstSeen,
    lastSeen,
    notKnown: unanswered,
    ...links,
  };
}

/** The scope as a reader must see it: age alone turns `fresh` to `stale`. */
export function asSeenAt(scope: ScopeStatus, now: number): ScopeStatus {
  return { ...scope, state: scopeStateAt(scope, now) };
}

import type { QueryClient } from '@tanstack/react-query';
import type { Item, ResourcePage } from '#lib/api/resources.ts';
import type { TreePage } from '#lib/api/stack.ts';
import type resources from '#lib/questions/resources.ts';
import type tree from '#lib/questions/tree.ts';
import { keyOf } from '../data/api.ts';

const MOST = 200;

/** Keys of tags met in the rows at hand, of the list and of the tree, as fields: `tag.team`. */
export function tagKeysIn(client: QueryClient): readonly string[] {
  const keys = new Set<string>();
  for (const { tags } of rowsIn(client)) {
    for (const key of Object.keys(tags)) if (keys.size < MOST) keys.add(`tag.${key}`);
  }
  return [...keys].sort();
}

function* rowsIn(client: QueryClient): Iterable<Item> {
  for (const [, page] of client.getQueriesData<ResourcePage>({ queryKey: keyOf<typeof resources>('/resources') })) {
    yield* page?.items ?? [];
  }
  for (const [, page] of client.getQueriesData<TreePage>({ queryKey: keyOf<typeof tree>('/tree') })) {
    for (const { item } of page?.items ?? []) yield item;
  }
}

import { QueryClient } from '@tanstack/react-query';
import { expect, it } from 'vitest';
import { anyItem } from '#tests/support/item.ts';
import { pageKey } from '../data/use-pages.ts';
import { treeQuery } from '../grid/tree/tree-query.ts';
import { tagKeysIn } from './tag-keys.ts';

const question = { q: '', sort: '' };

it('finds the keys of tags in rows of the list and of the tree, each once', () => {
  const client = new QueryClient();
  client.setQueryData(pageKey(question, 0), { items: [anyItem({ tags: { team: 'web', env: 'prod' } })] });
  const item = anyItem({ tags: { team: 'data', zone: 'a' } });
  const entry = { item, matches: true, above: 0, aboveTotal: 0, children: 0 };
  client.setQueryData(treeQuery(question, null, 0).queryKey, { parent: null, total: 1, items: [entry], revision: 1 });
  expect(tagKeysIn(client)).toEqual(['tag.env', 'tag.team', 'tag.zone']);
});

it('finds none where nothing has come yet', () => {
  expect(tagKeysIn(new QueryClient())).toEqual([]);
});

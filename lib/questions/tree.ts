import { z } from 'zod';
import { offset, q, sort, whole } from '#lib/api/parameters.ts';
import { QueryProblem } from '#lib/api/problem.ts';
import { treePageSchema } from '#lib/api/stack.ts';
import { question } from './kit/question.ts';

export default question({
  path: '/tree',
  summary: 'The result as a tree of machines',
  input: z.strictObject({
    q,
    // What stands beside each other is in this order, machines by the row that stands for them.
    sort,
    parent: z.string().min(1).max(8192).optional().describe('Uid of a row of the machine to look on; none = the roots'),
    limit: whole(1, 1000).default(100),
    offset: offset.default(0),
  }),
  output: treePageSchema,
  outputName: 'TreePage',
  async run({ q, sort, parent, limit, offset }, { engine, follower, rows }) {
    const { tree, table, order } = engine.tree(q, sort);
    const { tree: everything } = engine.tree('', '');
    const at = parent === undefined ? null : table.slotOf(parent);
    if (at === undefined) throw new QueryProblem({ code: 'not-found', detail: 'No resource has this uid.' });
    const entries = at === null ? tree.roots(order) : tree.on(table.links.heads[at] ?? at, order);
    const page = Array.from(entries.slice(offset, offset + limit), (slot) => ({
      uid: table.uid(slot),
      matches: tree.own[slot] !== 0,
      above: tree.above[slot] ?? 0,
      aboveTotal: everything.above[slot] ?? 0,
      children: tree.children[slot] ?? 0,
    }));
    const { revision } = follower;
    const items = new Map((await rows.items(page.map(({ uid }) => uid))).map((item) => [item.uid, item]));
    return {
      parent: parent ?? null,
      total: entries.length,
      items: page.flatMap(({ uid, ...entry }) => {
        const item = items.get(uid);
        return item ? [{ item, ...entry }] : [];
      }),
      revision,
    };
  },
});

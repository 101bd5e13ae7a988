import { none } from '#lib/api/parameters.ts';
import { resourceDetailSchema } from '#lib/api/resources.ts';
import { asSeenAt } from '#lib/index/item.ts';
import { question } from './kit/question.ts';

/** Changes shown beside a resource. */
const CHANGES = 50;

export default question({
  path: '/resources/{uid}',
  summary: 'One resource whole',
  input: none,
  output: resourceDetailSchema,
  outputName: 'ResourceDetail',
  notFound: 'No resource has this uid, nor had one lately.',
  async run({ uid }, { engine, store, clock, rows }) {
    const found = await store.resource(uid);
    if (found === null) return null;
    const now = clock.now();
    const changes = await store.changes({ uid, limit: CHANGES });
    const id = found.row.resource.scope;
    const scope = engine.scopes.get(id) ?? (await store.scopes()).find((candidate) => candidate.id === id);
    if (!scope) throw new Error('a resource belongs to a scope that the store does not have');
    return {
      resource: await rows.toItem(found.row),
      raw: found.raw,
      removedAt: found.row.removedAt,
      changes,
      scope: asSeenAt(scope, now),
    };
  },
});

import { z } from 'zod';
import { offset, q, sort, whole } from '#lib/api/parameters.ts';
import { resourcePageSchema } from '#lib/api/resources.ts';
import { question } from './kit/question.ts';

export default question({
  path: '/resources',
  summary: 'Resources that match',
  input: z
    .strictObject({
      q,
      sort,
      limit: whole(1, 1000).default(100).describe('Rows of a page'),
      cursor: z.string().max(2048).optional().describe('`next` of the page before: stable while rows come and go'),
      offset: offset.optional().describe('Row to start at: random access'),
    })
    .refine((p) => p.cursor === undefined || p.offset === undefined, 'expected cursor or offset, not both'),
  output: resourcePageSchema,
  outputName: 'ResourcePage',
  async run({ q, sort, limit, cursor, offset }, { engine, follower, rows }) {
    const start = cursor !== undefined ? { cursor } : offset !== undefined ? { offset } : null;
    const { total, uids, next, freshness } = engine.page({ q, sort, limit, start });
    const { revision } = follower;
    return { total, items: await rows.items(uids), next, revision, freshness };
  },
});

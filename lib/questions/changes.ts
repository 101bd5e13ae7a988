import { z } from 'zod';
import { q, revision, whole } from '#lib/api/parameters.ts';
import { changesSchema } from '#lib/api/resources.ts';
import type { Change } from '#lib/model/index.ts';
import { type Context, question } from './kit/question.ts';

/** Changes looked through for a filtered answer, in steps; what is older waits for the next page. */
const STEP = 500;
const STEPS = 10;

/** Of the resources that match as they are now, or did when they went. A filtered answer may be short and still have a `next`. */
export default question({
  path: '/changes',
  summary: 'What changed, newest first',
  input: z.strictObject({
    q,
    since: revision.optional().describe('Only changes after this revision'),
    before: revision.optional().describe('`next` of the page before'),
    limit: whole(1, 1000).default(100),
  }),
  output: changesSchema,
  outputName: 'Changes',
  async run({ q, since, before: start, limit }, context) {
    const isFiltered = q.trim() !== '';
    const step = isFiltered ? Math.max(STEP, limit) : limit;
    const found: Change[] = [];
    let before = start ?? null;
    for (let steps = isFiltered ? STEPS : 1; steps > 0; steps--) {
      const filter = {
        limit: step,
        ...(since === undefined ? {} : { since }),
        ...(before === null ? {} : { before }),
      };
      const read = await context.store.changes(filter);
      const matching = isFiltered ? await matchingOf(q, read, context) : read;
      for (const change of matching) {
        found.push(change);
        if (found.length === limit) return { changes: found, next: change.seq };
      }
      before = read.at(-1)?.seq ?? null;
      if (read.length < step) return { changes: found, next: null };
    }
    return { changes: found, next: before };
  },
});

async function matchingOf(q: string, changes: readonly Change[], { engine, store }: Context): Promise<Change[]> {
  const gone = new Set(changes.map(({ uid }) => uid).filter((uid) => !engine.has(uid)));
  const matches = engine.matcher(q, await store.rows([...gone]));
  return changes.filter(({ uid }) => matches(uid));
}

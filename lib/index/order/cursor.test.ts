import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { format } from '#lib/language/grammar/format.ts';
import { oracleFilter } from '#tests/support/oracle.ts';
import { fleet, question } from '#tests/support/query-arbitraries.ts';
import { NOW, started, uidsOf } from '#tests/support/query-rig.ts';
import { anyResource } from '#tests/support/resource.ts';

describe('cursors', () => {
  it('visit every row that stays as it is exactly once, whatever else changes between the pages', () =>
    fc.assert(
      fc.asyncProperty(
        fleet,
        fleet,
        question,
        fc.integer({ min: 1, max: 7 }),
        async (resources, later, query, limit) => {
          const { store, engine, follower, items } = await started(resources);
          const q = format(query);
          const answered = async () => uidsOf(oracleFilter(await items(), query.clauses, NOW));
          const before = await answered();
          /** What a row sorts by though it does not change itself. */
          const placed = async () =>
            new Map((await items()).map(({ uid, node, members, guests }) => [uid, `${node} ${members} ${guests}`]));
          const first = await placed();
          const seen: string[] = [];
          const changed = new Set<string>();
          let cursor: string | null = null;
          for (let pages = 0; pages < 200; pages++) {
            const page = engine.page({ q, sort: '', limit, start: cursor === null ? null : { cursor } });
            seen.push(...page.uids);
            cursor = page.next;
            if (cursor === null) break;
            const put = later[pages];
            if (put) changed.add(put.uid);
            if (put) store.commit([put], pages % 2 === 0 ? [] : [put.uid]);
            await follower.poll();
            for (const [uid, place] of await placed()) if (first.get(uid) !== place) changed.add(uid);
          }
          expect(cursor).toBeNull();
          const unchanged = before.filter((uid) => !changed.has(uid));
          // A host that changes may change what rows on it answer; only rows that answer at the end as well count.
          const after = new Set(await answered());
          for (const uid of unchanged) {
            if (after.has(uid)) expect(seen.filter((other) => other === uid)).toHaveLength(1);
          }
        },
      ),
      { numRuns: 300 },
    ));

  it('agree with offsets while nothing changes', () =>
    fc.assert(
      fc.asyncProperty(fleet, question, async (resources, query) => {
        const { engine } = await started(resources);
        const q = format(query);
        let cursor: string | null = null;
        for (let offset = 0; ; offset += 3) {
          const byCursor = engine.page({ q, sort: '', limit: 3, start: cursor === null ? null : { cursor } });
          expect(byCursor).toEqual(engine.page({ q, sort: '', limit: 3, start: { offset } }));
          cursor = byCursor.next;
          if (cursor === null) break;
        }
      }),
    ));

  it('are refused where they do not belong', async () => {
    const { engine } = await started([1, 2, 3].map((n) => anyResource({ uid: `uid-${n}`, name: `n${n}` })));
    const page = (q: string, sort: string, cursor: string) => () =>
      engine.page({ q, sort, limit: 1, start: { cursor } });
    const { next } = engine.page({ q: 'n', sort: 'name', limit: 1, start: null });
    expect(page('n', 'name', next ?? '')().uids).toEqual(['uid-2']);
    const refusal = expect.objectContaining({ problem: expect.objectContaining({ code: 'bad-cursor' }) });
    expect(page('n state:running', 'name', next ?? '')).toThrow(refusal);
    expect(page('n', '-name', next ?? '')).toThrow(refusal);
    for (const cursor of [
      '',
      'x',
      '{}',
      `${next}x`.slice(4),
      Buffer.from('[1,"a",null,"",""]').toString('base64url'),
    ]) {
      expect(page('n', 'name', cursor)).toThrow(refusal);
    }
    expect(page('n', 'name', 'A'.repeat(100_000))).toThrow(refusal);
  });
});

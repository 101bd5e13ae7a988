import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Item } from '#lib/api/resources.ts';
import { treePageSchema } from '#lib/api/stack.ts';
import { format } from '#lib/language/grammar/format.ts';
import { oracleFilter } from '#tests/support/oracle.ts';
import { fleet, question } from '#tests/support/query-arbitraries.ts';
import { NOW, started, uidsOf } from '#tests/support/query-rig.ts';
import { STACKED } from '#tests/support/stack/stacked-fleet.ts';
import treeQuestion from './tree.ts';

const rig = () => started(STACKED);
/** The roots where there is no parent. */
const below = (parent: string | null) => (parent === null ? {} : { parent });

describe('the tree', () => {
  it('has machines without a host as roots, by name, and exact counts', async () => {
    const { ask } = await rig();
    const at = async (parent: string | null, q = '') => {
      const page = treePageSchema.parse(
        await ask(treeQuestion, { q, sort: '', ...below(parent), limit: 100, offset: 0 }),
      );
      return page.items.map(({ item, matches, above, children }) => [item.uid, matches, above, children]);
    };
    expect(await at(null)).toEqual([
      ['kube2/fargate', true, 1, 1],
      ['hypervisor', true, 7, 2],
      ['ec2', true, 0, 0],
    ]);
    expect(await at('hypervisor')).toEqual([
      ['neighbour', true, 0, 0],
      ['server', true, 4, 4],
    ]);
    expect((await at('kube/n1')).map(([uid]) => uid)).toEqual(['c4', 'c1', 'c2', 'c3']);
    expect(await at(null, 'workload:job')).toEqual([['hypervisor', false, 1, 1]]);
    expect(await at('hypervisor', 'workload:job')).toEqual([['server', false, 1, 1]]);
    expect(await at('server', 'workload:job')).toEqual([['c4', true, 0, 0]]);
    await expect(at('nobody')).rejects.toThrow('uid');
  });

  it('orders what stands beside each other as the question does, and says what stands there whatever it asks', async () => {
    const { ask } = await rig();
    const at = async (parent: string | null, sort: string, q = '') =>
      (await ask(treeQuestion, { q, sort, ...below(parent), limit: 100, offset: 0 })).items;
    const uids = async (parent: string | null, sort: string) => (await at(parent, sort)).map(({ item }) => item.uid);
    expect(await uids(null, '-name')).toEqual((await uids(null, '')).toReversed());
    // Ties by name in both directions.
    expect(await uids('server', '')).toEqual(['c4', 'c1', 'c2', 'c3']);
    expect(await uids('server', 'state')).toEqual(['c4', 'c1', 'c2', 'c3']);
    expect(await uids('server', '-state')).toEqual(['c3', 'c4', 'c1', 'c2']);
    const [hypervisor] = await at(null, '', 'workload:job');
    expect(hypervisor).toMatchObject({ above: 1, aboveTotal: 7 });
  });

  it('reaches every row of the result from its roots, in pages', () =>
    fc.assert(
      fc.asyncProperty(fleet, question, async (resources, query) => {
        const { ask, items } = await started(resources);
        const all = await items();
        const q = format({ ...query, sort: null });
        const wanted = new Set(uidsOf(oracleFilter(all, query.clauses, NOW)));
        const mates = (machine: string) => all.filter((item: Item) => item.machine === machine);
        const own = (machine: string) => mates(machine).filter(({ uid }) => wanted.has(uid)).length;
        const walk = async (parent: string | null): Promise<number> => {
          let sum = 0;
          const { total } = await ask(treeQuestion, { q, sort: '', ...below(parent), limit: 1, offset: 0 });
          for (let offset = 0; offset < total; offset += 2) {
            const page = await ask(treeQuestion, { q, sort: '', ...below(parent), limit: 2, offset });
            for (const { item, matches, above, children } of page.items) {
              expect(matches).toBe(own(item.machine) > 0);
              const below = await walk(item.uid);
              expect(below).toBe(above);
              const { total: counted } = await ask(treeQuestion, {
                q,
                sort: '',
                parent: item.uid,
                limit: 1,
                offset: 0,
              });
              expect(counted).toBe(children);
              sum += below + own(item.machine);
            }
          }
          return sum;
        };
        expect(await walk(null)).toBe(wanted.size);
      }),
      { numRuns: 60 },
    ));
});

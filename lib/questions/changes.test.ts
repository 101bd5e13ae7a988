import { expect, it } from 'vitest';
import { started } from '#tests/support/query-rig.ts';
import { anyResource } from '#tests/support/resource.ts';
import changesQuestion from './changes.ts';

it('filters changes by what their resources are, or were when they went', async () => {
  const rows = [0, 1, 2].map((n) => anyResource({ uid: `uid-${n}`, name: `web-${n}` }));
  const { ask, store, follower } = await started(rows);
  const change = (seq: number, uid: string) => ({
    seq,
    at: '2026-11-21T09:00:00.000Z',
    uid,
    name: uid,
    provider: 'aws',
    kind: 'vm' as const,
    scope: 's',
    type: 'appeared' as const,
    field: null,
    from: null,
    to: null,
  });
  store.recorded = [1, 2, 3, 4].map((seq) => change(seq, `uid-${seq % 2}`));
  store.commit([], ['uid-1']);
  await follower.poll();
  const request = { q: 'name:web-1', limit: 10 };
  expect((await ask(changesQuestion, request)).changes.map(({ seq }) => seq)).toEqual([3, 1]);
  expect(await ask(changesQuestion, { ...request, limit: 1 })).toMatchObject({ next: 3 });
  expect((await ask(changesQuestion, { ...request, q: '' })).changes).toHaveLength(4);
  expect((await ask(changesQuestion, { ...request, q: '', since: 2 })).changes).toHaveLength(2);
});

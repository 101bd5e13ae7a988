import type { Item } from '#lib/api/resources.ts';
import { Engine } from '#lib/index/engine.ts';
import { Follower } from '#lib/index/follower.ts';
import { RowReader } from '#lib/index/row-reader.ts';
import type { Resource, ScopeStatus } from '#lib/model/index.ts';
import type { AnswerOf, InputOf, Question } from '#lib/questions/kit/question.ts';
import { testClock } from '#tests/fakes/clock.ts';
import { MemoryStore } from './memory-store.ts';

export const NOW = Date.parse('2026-11-21T09:00:00Z');

const status = (id: string, fields: Partial<ScopeStatus>): ScopeStatus => ({
  id,
  provider: 'aws',
  source: 's',
  account: 'a',
  region: null,
  part: 'x',
  kind: 'vm',
  label: id,
  state: 'fresh',
  reason: null,
  since: null,
  lastAttempt: null,
  lastSuccess: new Date(NOW).toISOString(),
  generation: 1,
  count: 0,
  unreadable: 0,
  held: 0,
  detailErrors: [],
  watched: false,
  interval: 60_000,
  ...fields,
});
const STATUSES = [
  status('s/a/r1/x', {}),
  status('s/a/r2/x', { lastSuccess: '2026-11-20T00:00:00.000Z' }),
  status('s/b/*/y', { state: 'denied', lastSuccess: null }),
];

export async function started(resources: readonly Resource[], store = new MemoryStore()) {
  store.statuses = STATUSES;
  store.commit(resources);
  const clock = testClock(NOW);
  const engine = new Engine(clock);
  const follower = new Follower(engine, store, clock);
  await follower.build(() => {});
  const rows = new RowReader({ engine, store, clock });
  const context = { engine, store, follower, clock, rows };
  const ask = async <Q extends Question>(question: Q, input: InputOf<Q>): Promise<AnswerOf<Q>> =>
    // Guarantee: a question's own `run` has this type.
    (await question.run(input, context)) as AnswerOf<Q>;
  /** What the oracle works on. */
  const items = async (): Promise<Item[]> => rows.items(store.live().map(({ resource: { uid } }) => uid));
  return { store, engine, follower, rows, ask, items, clock };
}

export function uidsIn(engine: Engine, q: string, sort: string): string[] {
  const list = engine.rows(q, sort);
  engine.release(list);
  return list.uids(0, list.length);
}

export const uidsOf = (items: readonly Item[]) => items.map(({ uid }) => uid);

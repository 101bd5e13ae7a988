import type { Resource, Scope } from '#lib/model/index.ts';
import { drain } from '#lib/model/index.ts';
import { openWriteStore } from '#lib/store/index.ts';
import { benchResource } from './resources.ts';

// A process of its own, so that what it needed is not in the figures: `node query-fill.ts <store> <resources> <seed>`.
const [path = '', resources = '0', seed = '1'] = process.argv.slice(2);
const store = await openWriteStore(path, { clock: { now: () => Date.now() } });
const scopes = new Map<string, { scope: Scope; rows: number[] }>();
for (let n = 0; n < Number(resources); n++) {
  const { scope } = benchResource(Number(seed), n);
  const entry = scopes.get(scope.id) ?? { scope, rows: [] };
  entry.rows.push(n);
  scopes.set(scope.id, entry);
}
await store.registerScopes(
  'bench',
  [...scopes.values()].map(({ scope }) => scope),
  { interval: 3_600_000, at: Date.now() },
);
for (const { scope, rows } of scopes.values()) {
  const batches = async function* () {
    const made: Resource[] = rows.map((n) => benchResource(Number(seed), n).resource);
    yield { resources: made, unreadable: [] };
  };
  const listing = await drain(scope, batches(), () => ({ kind: 'internal', message: 'bench' }));
  const generation = await store.nextGeneration(scope.id);
  await store.commit(listing, { generation, at: Date.now(), limit: () => 0 });
}
await store.close();

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { drain, type Resource, type Scope } from '#lib/model/index.ts';
import { openWriteStore } from '#lib/store/index.ts';
import { anyResource } from '#tests/support/resource.ts';

const SCOPE: Scope = {
  id: 's/a/*/instances',
  provider: 'aws',
  source: 's',
  account: 'a',
  region: null,
  part: 'instances',
  kind: 'vm',
  label: 'a account',
};

/** A store of one scope whose rows a test lists as it likes. */
export async function ownStore() {
  const folder = mkdtempSync(path.join(tmpdir(), 'muster-e2e-'));
  // The web process over it has the system's clock.
  const clock = { now: () => Date.now() };
  const store = await openWriteStore(path.join(folder, 'muster.db'), { clock });
  await store.registerScopes(SCOPE.source, [SCOPE], { interval: 3_600_000, at: clock.now() });
  return {
    folder,
    /** One complete listing: these resources and no others. */
    async list(resources: readonly Partial<Resource>[]) {
      const rows = resources.map((fields) => anyResource({ ...fields, scope: SCOPE.id }));
      async function* batches() {
        yield { resources: rows, unreadable: [] };
      }
      const listing = await drain(SCOPE, batches(), () => ({ kind: 'internal', message: 'does not happen' }));
      const generation = await store.nextGeneration(SCOPE.id);
      await store.commit(listing, { generation, at: clock.now(), limit: () => Number.POSITIVE_INFINITY });
    },
    async close() {
      await store.close();
      rmSync(folder, { recursive: true });
    },
  };
}

/** So many machines called `<prefix>-0001` and on. */
export const machines = (prefix: string, from: number, to: number): Partial<Resource>[] =>
  Array.from({ length: to - from + 1 }, (_, i) => {
    const name = `${prefix}-${String(from + i).padStart(4, '0')}`;
    return { uid: name, name, nativeId: `i-${name}` };
  });

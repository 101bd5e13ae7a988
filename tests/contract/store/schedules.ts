import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Resource, Scope } from '#lib/model/index.ts';
import { StaleGeneration, type StoredResource } from '#lib/store/index.ts';
import { type Bench, broken, complete, MINUTE, rowIn, scopeOf, T0 } from './fixture.ts';

const SCHEDULES = 250;
const SCOPES = 3;
const limit = (live: number) => Math.max(2, live * 0.4);

type Seen = readonly (readonly [resource: number, value: number])[];
type Step =
  | { do: 'list'; scope: number; seen: Seen; how: 'complete' | 'broken' | 'aborted' | 'late' }
  | { do: 'upsert'; scope: number; objectId: number; seen: Seen }
  | { do: 'register'; scopes: readonly number[] }
  | { do: 'restart' };

const scopeArb = fc.nat({ max: SCOPES - 1 });
const seenArb = fc.array(fc.tuple(fc.nat({ max: 9 }), fc.nat({ max: 2 })), { maxLength: 12 });
const stepArb: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 12,
    arbitrary: fc.record({
      do: fc.constant('list' as const),
      scope: scopeArb,
      seen: seenArb,
      how: fc.constantFrom('complete', 'complete', 'complete', 'broken', 'aborted', 'late'),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('upsert' as const),
      scope: scopeArb,
      objectId: fc.nat({ max: 4 }),
      seen: seenArb,
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant('register' as const), scopes: fc.subarray([0, 1, 2]) }),
  },
  { weight: 1, arbitrary: fc.constant({ do: 'restart' as const }) },
);

/** What a store must hold, in as few lines as the rules take. */
class Oracle {
  readonly rows = new Map<number, { scope: number; value: number; missing: boolean }>();
  readonly gone = new Set<number>();
  /** Scopes whose last listing was complete. */
  readonly whole = new Set<number>();
  /** Scopes that have failed for so long that their rows are stale: who has seen all may take them. */
  left: ReadonlySet<number> = new Set();

  see(scope: number, seen: Seen): void {
    for (const [resource, value] of seen) {
      const owner = this.rows.get(resource)?.scope ?? scope;
      const isFree = this.gone.has(owner) || (this.whole.has(scope) && this.left.has(owner));
      if (owner === scope || isFree) this.rows.set(resource, { scope, value, missing: false });
    }
  }

  complete(scope: number, seen: Seen): void {
    const names = new Set(seen.map(([resource]) => resource));
    const live = [...this.rows].filter(([, row]) => row.scope === scope);
    const absent = live.filter(([resource]) => !names.has(resource));
    const news = absent.filter(([, row]) => !row.missing);
    const objectIds = new Set(seen.map(([resource]) => objectIdOf(resource)));
    // Seen under another uid, it is not missing.
    const doubted = news.length > limit(live.length) ? news.filter(([n]) => !objectIds.has(objectIdOf(n))) : [];
    const brake = new Set(doubted.length > limit(live.length) ? doubted.map(([resource]) => resource) : []);
    for (const [resource, row] of absent) {
      if (brake.has(resource)) row.missing = true;
      else this.rows.delete(resource);
    }
    this.whole.add(scope);
    this.see(scope, seen);
  }

  upsert(scope: number, objectId: number, seen: Seen): void {
    for (const [resource, row] of this.rows) {
      if (row.scope === scope && objectIdOf(resource) === objectId) this.rows.delete(resource);
    }
    this.see(scope, seen);
  }
}

const objectIdOf = (resource: number) => resource >> 1;

export function scheduleTests(bench: () => Bench): void {
  it('fault 17, fault 23, fault 24, fault 25, fault 27, fault 28, fault 29, fault 30, fault 31, fault 32: whatever the order of listings, failures, aborts, overlaps, watches and restarts, nothing is removed without proof', async () => {
    let run = 0;
    const schedule = async (steps: Step[]) => {
      const name = `run${run++}`;
      const scopes = Array.from({ length: SCOPES }, (_, n) => scopeOf(`${name}-${n}`, name));
      const oracle = new Oracle();
      const replica = new Map<string, StoredResource>();
      let seq = await bench().store.read.revision();
      await bench().register(...scopes);
      for (const [minute, step] of steps.entries()) {
        await play(bench(), scopes, oracle, step, T0 + minute * MINUTE);
        for (const row of await bench().store.read.feed(seq, 1_000)) {
          seq = row.seq;
          if (row.removedAt === null) replica.set(row.resource.uid, row);
          else replica.delete(row.resource.uid);
        }
        await compare(bench(), scopes, oracle, replica);
      }
    };
    await fc.assert(fc.asyncProperty(fc.array(stepArb, { minLength: 1, maxLength: 14 }), schedule), {
      numRuns: SCHEDULES,
      // Another seed, other schedules: `MUSTER_SEED=1 npx vitest run tests/contract/store.test.ts`.
      seed: Number(process.env.MUSTER_SEED ?? 27),
    });
  });
}

async function play(bench: Bench, scopes: Scope[], oracle: Oracle, step: Step, at: number): Promise<void> {
  const { write } = bench.store;
  if (step.do === 'restart') return bench.store.restart();
  if (step.do === 'register') {
    const kept = scopes.filter((_, n) => step.scopes.includes(n));
    await write.registerScopes(scopes[0]?.source ?? '', kept, { interval: MINUTE, at });
    for (const n of scopes.keys()) {
      if (step.scopes.includes(n)) oracle.gone.delete(n);
      else {
        oracle.gone.add(n);
        oracle.whole.delete(n);
      }
    }
    return;
  }
  const scope = scopes[step.scope];
  if (scope === undefined) throw new Error('no such scope');
  const statuses = new Map((await bench.store.read.scopes()).map((status) => [status.id, status]));
  const isLeft = ({ id }: Scope): boolean => {
    const { state = 'pending', lastSuccess = null, interval = MINUTE } = statuses.get(id) ?? {};
    if (state === 'fresh' || state === 'pending') return false;
    return state === 'duplicate' || lastSuccess === null || at - Date.parse(lastSuccess) > 2 * interval;
  };
  oracle.left = new Set([...scopes.keys()].filter((n) => scopes[n] !== undefined && isLeft(scopes[n])));
  const row = ([resource, value]: Seen[number]): Resource =>
    rowIn(scope, `${scope.source}-${resource}`, { vcpus: value, objectId: `o${objectIdOf(resource)}` });
  if (step.do === 'upsert') {
    const seen = step.seen.filter(([resource]) => objectIdOf(resource) === step.objectId);
    const upsert = { objectId: `o${step.objectId}`, resources: seen.map(row) };
    const outcome = await write.apply(scope.id, [upsert], at).catch((error: unknown) => error);
    if (oracle.gone.has(step.scope)) expect(outcome).toBeInstanceOf(StaleGeneration);
    else oracle.upsert(step.scope, step.objectId, seen);
    return;
  }
  const listing = await (step.how === 'broken' ? broken : complete)(scope, step.seen.map(row));
  const signal = step.how === 'aborted' ? AbortSignal.abort(new Error('shutdown')) : new AbortController().signal;
  const generation = (await write.nextGeneration(scope.id)) - (step.how === 'late' ? 1_000 : 0);
  const outcome = await write.commit(listing, { generation, at, limit, signal }).catch((error: unknown) => error);
  if (step.how === 'late' || oracle.gone.has(step.scope)) expect(outcome).toBeInstanceOf(StaleGeneration);
  else if (step.how === 'aborted') expect(outcome).toBe(signal.reason);
  else if (step.how === 'broken') {
    oracle.whole.delete(step.scope);
    oracle.see(step.scope, step.seen);
  } else oracle.complete(step.scope, step.seen);
}

async function compare(
  bench: Bench,
  scopes: Scope[],
  oracle: Oracle,
  replica: Map<string, StoredResource>,
): Promise<void> {
  const source = scopes[0]?.source;
  const uid = (resource: number) => `vm:${source}-${resource}`;
  const stored = (await bench.store.read.rows(Array.from({ length: 10 }, (_, n) => uid(n)))).filter(
    (row) => row.removedAt === null,
  );
  const facts = (row: StoredResource) => [row.resource.uid, row.resource.scope, row.resource.vcpus];
  const expected = [...oracle.rows].map(([resource, row]) => [uid(resource), scopes[row.scope]?.id, row.value]);
  expect(stored.map(facts).sort()).toEqual(expected.sort());
  expect([...replica.values()].map(facts).sort()).toEqual(expected.sort());
  const own = (await bench.store.read.scopes()).filter((status) => status.source === source);
  for (const [n, scope] of scopes.entries()) {
    const rows = [...oracle.rows.values()].filter((row) => row.scope === n);
    const { count, held, state } = own.find((status) => status.id === scope.id) ?? {};
    expect({ count, held, gone: state === 'gone' }).toEqual({
      count: rows.length,
      held: rows.filter((row) => row.missing).length,
      gone: oracle.gone.has(n),
    });
  }
}

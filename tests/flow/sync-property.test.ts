import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Batch, Resource, Scope } from '#lib/model/index.ts';
import { DeadlineExceeded } from '#lib/sync/run/reason.ts';
import { ProviderError } from '#providers/contract.ts';
import { type Answer, FakeCloud, numbered, rowOf, rowsOf } from '#tests/support/fake-cloud.ts';
import { SyncBench } from '#tests/support/sync-bench.ts';

const RUNS = 300;
const STEP = 150_000;
const STEPS = 12;
const INTERVAL = 300_000;

// What a listing may do. `keep` is how many of the scope's rows the cloud has at that moment.
const KINDS = [
  'auth',
  'permission',
  'rate-limit',
  'timeout',
  'network',
  'bad-reply',
  'config',
  'unsupported',
  'disabled',
] as const;
const act = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({ type: fc.constant('whole' as const), keep: fc.constantFrom(0, 1, 40, 60, 79, 80, 80, 80) }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      type: fc.constantFrom(
        'fails' as const,
        'hangs' as const,
        'deaf' as const,
        'ends aborted' as const,
        'rubbish' as const,
        'foreign' as const,
        'stranger' as const,
      ),
      kind: fc.constantFrom(...KINDS),
      pages: fc.integer({ min: 0, max: 3 }),
      keep: fc.constantFrom(0, 40, 80),
    }),
  },
);
type Act = typeof act extends fc.Arbitrary<infer T> ? T : never;
const event = fc.constantFrom(
  'none',
  'none',
  'none',
  'refresh',
  'restart',
  'jump',
  'discovery fails',
  'discovery works',
);
const schedule = fc.record({
  seed: fc.nat(),
  scopes: fc.array(fc.array(act, { minLength: 1, maxLength: 8 }), { minLength: 1, maxLength: 3 }),
  events: fc.array(event, { minLength: STEPS, maxLength: STEPS }),
});

const ALL = numbered(80);
const limit = (live: number) => Math.max(50, live * 0.2);

const WAITS: ReadonlySet<string> = new Set(['hangs', 'deaf', 'ends aborted']);

/** Knows what each listing really said, and so which rows may be gone. */
class Oracle {
  readonly scope: Scope;
  /** How many listings in a row, each read to its end, did not have this row. */
  readonly #absent = new Map<string, number>();
  #live: string[] = [];
  wrongful = 0;

  constructor(scope: Scope) {
    this.scope = scope;
  }

  sees(resources: readonly Resource[]): void {
    for (const { scope, name } of resources) if (scope === this.scope.id) this.#absent.set(name, 0);
  }

  ended(names: readonly string[]): void {
    const there = new Set(names);
    for (const name of this.#absent.keys()) {
      if (!there.has(name)) this.#absent.set(name, (this.#absent.get(name) ?? 0) + 1);
    }
  }

  look(live: string[]): void {
    const now = new Set(live);
    const vanished = this.#live.filter((name) => !now.has(name));
    const absences = vanished.map((name) => this.#absent.get(name) ?? 0);
    this.wrongful += absences.filter((count) => count === 0).length;
    const once = absences.filter((count) => count === 1).length;
    if (once > limit(this.#live.length)) this.wrongful += once;
    this.#live = live;
  }
}

function answerOf(oracle: Oracle, acts: readonly Act[], other: Scope): Answer {
  const { scope } = oracle;
  return async function* (call, n) {
    const step = acts[(n - 1) % acts.length];
    if (!step) throw new Error('no act');
    const names = ALL.slice(0, step.keep);
    const pages = [0, 1, 2, 3].map((page) => rowsOf(scope, names.slice(page * 20, page * 20 + 20)));
    // A run that is stopped leaves no trace, so what it saw is no evidence either.
    const seen: Resource[] = [];
    call.signal.addEventListener('abort', () => {
      if (call.signal.reason instanceof DeadlineExceeded) oracle.sees(seen);
    });
    const give = (resources: Resource[]): Batch => {
      seen.push(...resources);
      return { resources, unreadable: [] };
    };
    if (step.type === 'whole') {
      for (const page of pages) yield give(page);
      oracle.sees(seen);
      oracle.ended(names);
      return;
    }
    for (const page of pages.slice(0, step.pages)) yield give(page);
    if (!WAITS.has(step.type)) oracle.sees(seen);
    switch (step.type) {
      case 'fails':
        throw new ProviderError(step.kind, scope.label, 'scripted', { retryAfterMs: 60_000 });
      case 'hangs':
        return await abortOf(call.signal);
      case 'deaf':
        return await new Promise<never>(() => {});
      case 'ends aborted':
        return await abortOf(call.signal).catch(() => undefined);
      case 'rubbish':
        yield { resources: 'all' } as never;
        return;
      case 'foreign':
        yield { resources: [rowOf(other, 'm0', { state: 'failed' })], unreadable: [] };
        return;
      case 'stranger':
        yield { resources: [rowOf(scope, 'm0', { source: 'other' })], unreadable: [] };
    }
  };
}

const abortOf = (signal: AbortSignal): Promise<never> =>
  new Promise((_resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason));
  });

async function play({
  seed,
  scopes,
  events,
}: typeof schedule extends fc.Arbitrary<infer T> ? T : never): Promise<void> {
  const bench = new SyncBench(seed);
  const cloud = new FakeCloud(bench.clock, 'prod', { interval: INTERVAL });
  const well = ['111111111111', '222222222222'].map((account) => cloud.scope('well', undefined, account)) as [
    Scope,
    Scope,
  ];
  for (const scope of well)
    cloud.answer(scope, async function* () {
      yield { resources: rowsOf(scope, ALL), unreadable: [] };
    });
  const oracles = scopes.map((acts, i) => {
    const oracle = new Oracle(cloud.scope(`ill-${i}`));
    cloud.answer(oracle.scope, answerOf(oracle, acts, well[0]));
    return oracle;
  });
  try {
    await bench.start([cloud]);
    let sinceRestart = 0;
    for (const what of events) {
      if (what === 'refresh') bench.sync.refresh('*');
      if (what === 'jump') bench.clock.jumpWall(3_600_000);
      if (what === 'discovery works') cloud.discovering = null;
      if (what === 'discovery fails') {
        cloud.discovering = async function* () {
          yield* cloud.scopes;
          throw new ProviderError('network', 'prod', 'scripted');
        };
      }
      if (what === 'restart') {
        await bench.stop();
        await bench.start([cloud]);
        sinceRestart = bench.clock.monotonic();
      }
      await bench.clock.advance(STEP);
      const status = new Map((await bench.read.scopes()).map((scope) => [scope.id, scope]));
      const names = await bench.allNames();
      for (const oracle of oracles) oracle.look(names.get(oracle.scope.id) ?? []);
      for (const scope of well) {
        const { lastSuccess, count, state } = status.get(scope.id) ?? {};
        expect([state, count]).toEqual(['fresh', 80]);
        // A restart may cost a window of 30 s, nothing else may cost anything.
        const age = bench.clock.now() - Date.parse(lastSuccess ?? '');
        const patience = bench.clock.monotonic() - sinceRestart < INTERVAL ? 30_000 : 0;
        if (what !== 'jump')
          expect(age).toBeLessThanOrEqual(1.1 * INTERVAL + patience + 3_600_000 * Number(events.includes('jump')));
      }
    }
    expect(oracles.map(({ wrongful }) => wrongful)).toEqual(oracles.map(() => 0));
    expect(await bench.names(well[0])).toEqual(ALL.toSorted());
  } finally {
    await bench.remove();
  }
}

test(
  `no row is removed wrongfully and no healthy scope is delayed in ${RUNS} random schedules of faults`,
  () => fc.assert(fc.asyncProperty(schedule, play), { numRuns: RUNS, seed: 20261121 }),
  600_000,
);

import { beforeAll, describe, expect, test } from 'vitest';
import type { Batch } from '#lib/model/index.ts';
import type { Source } from '#lib/sync/source.ts';
import { Sync } from '#lib/sync/sync.ts';
import type { Clock, Connection, Provider } from '#providers/contract.ts';
import { registry } from '#providers/registry.ts';
import { VirtualClock } from '#tests/support/clock.ts';
import { denied } from '#tests/support/fake-cloud.ts';
import { recordingLogger, SyncBench } from '#tests/support/sync-bench.ts';

type Sees = (uid: string) => boolean;

/** Every uid is in one of three parts; both ways see two of them, so that each misses one that the other sees. */
const partOf = (uid: string): number => [...uid].reduce((sum, char) => (sum * 31 + char.charCodeAt(0)) % 1_009, 7) % 3;

const configOf = (provider: Provider) => provider.config.parse({ mock: { seed: 1, resources: 300, faults: false } });

/** A way into the fleet of the demo that sees a part of it and has no watch; null sees nothing and is denied. */
function wayOf(id: string, provider: Provider, sees: Sees | null, delay: number): Source {
  const config = configOf(provider);
  return {
    id,
    provider,
    interval: 300_000,
    discovery: 1_800_000,
    async open(env) {
      await env.clock.sleep(delay, new AbortController().signal);
      const { watch: _, ...whole }: Connection = await (await provider.load()).open(config, {
        ...env,
        clock: still(env.clock),
      });
      return {
        ...whole,
        async *list(scope, call): AsyncGenerator<Batch> {
          if (sees === null) throw denied();
          for await (const batch of whole.list(scope, call))
            yield { ...batch, resources: batch.resources.filter(({ uid }) => sees(uid)) };
        },
      };
    },
  };
}

/** The fleet as it is at one moment: what comes and goes meanwhile is another test's. */
const still = (clock: Clock): Clock => ({
  now: () => Date.parse('2026-11-21T09:00:00Z'),
  monotonic: () => clock.monotonic(),
  sleep: (ms, signal) => clock.sleep(ms, signal),
  alarm: (ms, ring) => clock.alarm(ms, ring),
});

async function seenBy(sources: readonly Source[], minutes: number): Promise<string[]> {
  const bench = new SyncBench();
  try {
    await bench.start([]);
    const { write, clock, random } = bench;
    const sync = new Sync({ sources, store: write, clock, random, log: recordingLogger([]) });
    await sync.start();
    await bench.minutes(minutes);
    const uids: string[] = [];
    for await (const chunk of bench.read.scan(1000)) uids.push(...chunk.map(({ resource }) => resource.uid));
    await bench.clock.run(sync.stop());
    return uids.sort();
  } finally {
    await bench.remove();
  }
}

describe.each<Provider>(Object.values(registry) as Provider[])(
  'two ways into one place of $label',
  { timeout: 120_000 },
  (provider) => {
    // What is loaded when first used must not be waited for on a clock that stands still.
    beforeAll(async () => {
      const adapter = await provider.load();
      const env = { source: 'warm', log: recordingLogger([]), clock: new VirtualClock(), random: () => 0.5 };
      await (await adapter.open(configOf(provider), env)).close();
    });
    const left: Sees = (uid) => partOf(uid) !== 0;
    const right: Sees = (uid) => partOf(uid) !== 1;

    test('fault 104: together have all that either sees, each once, whichever is first', async () => {
      const all = await seenBy([wayOf('whole', provider, () => true, 0)], 3);
      expect(all.some((uid) => !left(uid)) && all.some((uid) => !right(uid))).toBe(true);
      for (const [a, b] of [
        [left, right],
        [right, left],
      ] as const)
        expect(await seenBy([wayOf('one', provider, a, 0), wayOf('two', provider, b, 15_000)], 25)).toEqual(all);
    });

    test('fault 104: have all that one sees where the other is denied, whichever is first', async () => {
      const all = await seenBy([wayOf('whole', provider, () => true, 0)], 3);
      for (const [a, b] of [
        [null, () => true],
        [() => true, null],
      ] as const)
        expect(await seenBy([wayOf('one', provider, a, 0), wayOf('two', provider, b, 15_000)], 10)).toEqual(all);
    });
  },
);

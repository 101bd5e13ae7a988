import { describe, expect, it } from 'vitest';
import type { Resource } from '#lib/model/index.ts';
import { MemoryStore } from '#tests/support/memory-store.ts';
import { NOW } from '#tests/support/query-rig.ts';
import { anyResource } from '#tests/support/resource.ts';
import { Engine } from '../engine.ts';

function engineOf(resources: readonly Resource[]): Engine {
  const store = new MemoryStore();
  store.commit(resources);
  const engine = new Engine({ now: () => NOW, monotonic: () => 0 });
  engine.apply(store.live());
  return engine;
}

describe('very many groups', () => {
  // Names run the other way than uids.
  const vms = Array.from({ length: 8000 }, (_, n) =>
    anyResource({ uid: `u${n}`, name: `n${9999 - n}`, type: `t${n % 7200}`, image: `i${n >> 4}` }),
  );
  const engine = engineOf(vms);

  it('tells the first machines by name where all are of one size', () => {
    const { groups, truncated, sum } = engine.groups('', 'machine').groups;
    expect(groups.map(({ value }) => value)).toEqual(Array.from({ length: 300 }, (_, i) => `u${7999 - i}`));
    expect([truncated, sum?.count]).toEqual([true, 8000]);
  });

  it('tells the largest, then the first by name', () => {
    const { groups, truncated } = engine.groups('', 'type').groups;
    const expected = Array.from({ length: 7200 }, (_, n) => ({ value: `t${n}`, count: n < 800 ? 2 : 1 }))
      .sort((a, b) => b.count - a.count || (a.value < b.value ? -1 : 1))
      .slice(0, 1000);
    expect(groups.map(({ value, count }) => ({ value, count }))).toEqual(expected);
    expect(truncated).toBe(true);
  });

  it('leaves none out where there is room for all', () => {
    const { groups, truncated } = engine.groups('', 'image').groups;
    expect([groups.length, truncated]).toEqual([500, false]);
  });
});

describe('figures of very many groups', () => {
  const amount = (cpu: number) => ({ cpu, memory: cpu * 1024 });
  const rows = Array.from({ length: 6000 }, (_, n) => {
    const kind = (['vm', 'container', 'host'] as const)[n % 3] ?? 'vm';
    return anyResource({
      uid: `u${n}`,
      kind,
      name: `n${n % 97}`,
      image: `i${n % 1500 === 0 ? 1 : n % 1499}`,
      state: n % 5 === 0 ? 'stopped' : 'running',
      vcpus: kind === 'container' || n % 7 === 0 ? null : n % 11,
      memory: kind === 'container' ? null : n,
      requests: kind === 'container' ? amount(n % 13) : null,
      allocatable: kind === 'host' ? amount(n % 17) : null,
      physical: kind === 'host' && n % 2 === 0 ? amount(n % 19) : null,
      // Pairs of a VM and a host are one machine.
      identities: n % 3 === 1 ? [] : [{ type: 'instance-id', value: `i-${Math.floor(n / 3)}` }],
    });
  });
  const engine = engineOf(rows);

  it('are those of the rows that each group finds, and all together those of all rows', () => {
    const { groups, truncated, sum } = engine.groups('', 'image').groups;
    expect([groups.length, truncated]).toEqual([1000, true]);
    for (const group of groups.filter((_, i) => i % 50 === 0)) {
      const alone = engine.groups(`image:${group.value}`, 'source').groups.sum;
      expect(alone).toEqual({ ...group, value: '' });
    }
    expect(sum).toEqual(engine.groups('', 'source').groups.sum);
    expect(sum?.duplicates).toBeGreaterThan(1000);
  });
});

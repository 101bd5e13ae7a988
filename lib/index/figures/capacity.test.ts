import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Figures } from '#lib/api/stack.ts';
import { format } from '#lib/language/grammar/format.ts';
import type { Resource } from '#lib/model/index.ts';
import capacityQuestion from '#lib/questions/capacity.ts';
import groupsQuestion from '#lib/questions/groups.ts';
import identityQuestion from '#lib/questions/identity.ts';
import machineQuestion from '#lib/questions/machine.ts';
import { fleet, question } from '#tests/support/query-arbitraries.ts';
import { started, uidsIn } from '#tests/support/query-rig.ts';
import { anyResource } from '#tests/support/resource.ts';
import { plainFigures } from '#tests/support/stack/figures-oracle.ts';
import { row } from '#tests/support/stack/linked.ts';

/** A row as {@link row} spells it, that says nothing of its size but what is named. */
const sized = (fields: Partial<Resource>, ...said: Parameters<typeof row>) => {
  const member = row(...said);
  return anyResource({ name: member.uid, vcpus: null, memory: null, ...member, ...fields });
};
const amount = (cpu: number) => ({ cpu, memory: cpu * 1024 });
const vm = (cpu: number, ...said: Parameters<typeof row>) => sized({ vcpus: cpu, memory: cpu * 1024 }, ...said);
const node = (cpu: number, ...said: Parameters<typeof row>) =>
  sized({ vcpus: cpu, memory: cpu * 1024, allocatable: amount(cpu) }, ...said);
const hypervisor = (cpu: number, ...said: Parameters<typeof row>) => sized({ physical: amount(cpu) }, ...said);

describe('a node that is a container', () => {
  const kind = [1, 2, 3].flatMap((n) => [
    sized({}, `docker container c${n}`, `provider-id kind://docker/k/n${n}`, 'on host docker/e'),
    node(8, `kubernetes host n${n}`, `node k/n${n}`, `provider-id kind://docker/k/n${n}`),
  ]);
  const rows = [node(8, 'docker host e', 'host docker/e'), ...kind];

  it('gives what its Docker host has, which counts once', async () => {
    const { ask } = await started(rows);
    const { figures, deduplicated } = await ask(capacityQuestion, { q: '' });
    expect(figures.allocatable).toMatchObject({ cpu: 8, counted: 1, duplicates: 3 });
    expect(deduplicated.flatMap(({ rows }) => rows).filter(({ counts }) => counts.includes('allocatable'))).toEqual([]);
    const { sum, groups } = await ask(groupsQuestion, { q: '', by: 'provider' });
    expect(sum).toMatchObject({ allocatableCpu: 8, duplicates: 3 });
    expect(groups.map(({ value, allocatableCpu }) => [value, allocatableCpu])).toEqual([
      ['docker', 8],
      ['kubernetes', 24],
    ]);
  });

  it('counts where its Docker host is not asked for', async () => {
    const { ask } = await started(rows);
    const { figures } = await ask(capacityQuestion, { q: 'provider:kubernetes' });
    expect(figures.allocatable).toMatchObject({ cpu: 24, counted: 3, duplicates: 0 });
  });
});

it('fault 111: what Docker, Podman and libvirt of one machine have counts once', async () => {
  const own = ['boot-id b', 'machine-id m'];
  const { ask } = await started([
    node(2, 'docker host docker', 'host docker/d', ...own),
    node(2, 'docker host podman', 'host docker/podman/p', ...own),
    hypervisor(2, 'libvirt host libvirt', 'host libvirt/l', ...own),
  ]);
  const { figures } = await ask(capacityQuestion, { q: '' });
  expect(figures.allocatable).toMatchObject({ cpu: 2, memory: 2048, counted: 1, duplicates: 1 });
  expect(figures.physical).toMatchObject({ cpu: 2, counted: 1 });
});

describe('what likely candidates would take from the sums', () => {
  const at = 'address 198.51.100.7';
  const mac = 'mac 52:54:00:00:00:01';

  it.each<[string, Resource[], Partial<Record<keyof Figures, number>>]>([
    [
      'the hardware of a hypervisor that is a VM',
      [vm(96, 'aws vm v', 'instance-id i', mac), hypervisor(96, 'libvirt host h', 'host libvirt/h', mac)],
      { physical: 96 },
    ],
    [
      'the row that would not count, though it is the larger',
      [vm(4, 'openstack vm s', 'instance-id i', mac), vm(8, 'libvirt vm d', 'system-uuid d', mac)],
      { provisioned: 8 },
    ],
    [
      'that of a Docker host where the node stands before it',
      [node(3.5, 'kubernetes host n', 'node k/n', at), node(4, 'docker host e', 'host docker/e', at)],
      { allocatable: 4 },
    ],
    [
      'two VMs that only a third row connects',
      [
        vm(4, 'openstack vm s', 'instance-id i', mac),
        node(4, 'kubernetes host n', 'node k/n', at, mac),
        vm(4, 'libvirt vm d', 'system-uuid d', at),
      ],
      { provisioned: 4 },
    ],
    [
      'three that are one in pairs, once',
      [
        node(4, 'kubernetes host n', 'node k/n', at),
        node(4, 'docker host e', 'host docker/e', at),
        node(4, 'podman host p', 'host podman/p', at),
      ],
      { allocatable: 8 },
    ],
  ])('%s', async (_, rows, lost) => {
    const { ask, store, follower } = await started(rows);
    const before = await ask(capacityQuestion, { q: '' });
    const { candidates } = await ask(identityQuestion, { confidence: 'likely', limit: 100, offset: 0 });
    for (const { link } of candidates) {
      const [a, b] = [link.from, link.to];
      store.decide({ a, b }, { a, b, verdict: 'join', reason: 'one', at: '2026-11-21T09:00:00.000Z' });
    }
    await follower.poll();
    const after = await ask(capacityQuestion, { q: '' });
    for (const figure of ['physical', 'provisioned', 'allocatable', 'requested'] as const) {
      const { cpu, likely } = before.figures[figure];
      expect([figure, likely.cpu]).toEqual([figure, lost[figure] ?? 0]);
      expect([figure, (cpu ?? 0) - likely.cpu]).toEqual([figure, after.figures[figure].cpu ?? 0]);
      expect(likely.duplicates > 0).toBe(likely.cpu > 0);
    }
  });
});

describe('the capacities of any question', () => {
  it('are those of plain code, machine by machine', () =>
    fc.assert(
      fc.asyncProperty(fleet, question, async (resources, query) => {
        const { ask, engine, items } = await started(resources);
        const all = new Map((await items()).map((item) => [item.uid, item]));
        const q = format({ ...query, sort: null });
        const selected = new Set(uidsIn(engine, q, ''));
        const machines = new Map<string, string[]>();
        for (const { uid, machine } of all.values()) {
          if (!machines.has(machine))
            machines.set(machine, (await ask(machineQuestion, { uid }))?.members.map((one) => one.uid) ?? []);
        }
        const rows = [...machines.values()].map((uids) => uids.flatMap((uid) => all.get(uid) ?? []));
        const { figures } = await ask(capacityQuestion, { q });
        expect(figures).toMatchObject(plainFigures(rows, ({ uid }) => selected.has(uid)));
      }),
      { numRuns: 300 },
    ));
});

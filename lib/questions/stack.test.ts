import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { capacitySchema, machineSchema, stackSchema } from '#lib/api/stack.ts';
import { format } from '#lib/language/grammar/format.ts';
import { fleet, question } from '#tests/support/query-arbitraries.ts';
import { started, uidsIn, uidsOf } from '#tests/support/query-rig.ts';
import { anyResource } from '#tests/support/resource.ts';
import { STACKED } from '#tests/support/stack/stacked-fleet.ts';
import capacityQuestion from './capacity.ts';
import groupsQuestion from './groups.ts';
import machineQuestion from './machine.ts';
import stackQuestion from './stack.ts';

const rig = () => started(STACKED);
const find = async (q: string) => uidsIn((await rig()).engine, q, '').sort();

describe('the grammar of the stack', () => {
  it.each([
    ['on:hyper-1', ['c1', 'c2', 'c3', 'c4', 'kube/n1', 'neighbour', 'server']],
    ['on:hypervisor', ['c1', 'c2', 'c3', 'c4', 'kube/n1', 'neighbour', 'server']],
    ['on:f00d', ['c1', 'c2', 'c3', 'c4']],
    ['on:kube-worker', ['c1', 'c2', 'c3', 'c4']],
    ['on:worker.*', ['c1', 'c2', 'c3', 'c4']],
    ['on:NODE-1 kind:container', ['c1', 'c2', 'c3', 'c4']],
    ['on:kube/node-1', ['c1', 'c2', 'c3', 'c4']],
    ['on:openstack/auth/region/hyper-1 kind:vm', ['neighbour', 'server']],
    ['on:nothing', []],
    ['on:""', ['ec2', 'hypervisor', 'kube2/fargate', 'kube2/n1']],
    ['runs:web-1/app', ['hypervisor', 'kube/n1', 'server']],
    ['runs:web-2', ['hypervisor', 'kube/n1', 'server']],
    ['runs:kube-worker', ['hypervisor']],
    ['runs:c5', ['kube2/fargate']],
    ['runs:* kind:vm', ['server']],
    ['node:prod/node-1', ['c1', 'c2', 'c3', 'c4', 'kube/n1', 'server']],
    ['node:hyper-1', ['hypervisor', 'neighbour']],
    ['node:staging/*', ['c5', 'ec2', 'kube2/fargate', 'kube2/n1']],
    ['machine:server', ['c1', 'c2', 'c3', 'c4', 'kube/n1', 'server']],
    ['machine:neighbour', ['neighbour']],
    ['members:2', ['ec2', 'kube/n1', 'kube2/n1', 'server']],
    ['guests:4', ['kube/n1', 'server']],
    ['managed:fargate', ['kube2/fargate']],
    ['physical.cpu>=64', ['hypervisor']],
    // A word finds the other rows of a machine as well, also where the row that has it is ruled out.
    ['i-0abc', ['ec2', 'kube2/n1']],
    ['i-0abc kind:host', ['kube2/n1']],
    ['worker.internal', ['kube/n1', 'server']],
    ['kind:host -i-0abc', ['hypervisor', 'kube/n1', 'kube2/fargate']],
    // A field is about the row itself.
    ['id:i-0abc', ['ec2']],
  ])('%s', async (q, expected) => expect(await find(q)).toEqual(expected));

  it.each(['node', 'machine', 'cluster'])('finds by %s the rows of each of its groups', (by) =>
    fc.assert(
      fc.asyncProperty(fleet, question, async (resources, query) => {
        const { engine, ask } = await started(resources);
        const { groups } = await ask(groupsQuestion, { q: format({ ...query, sort: null }), by });
        for (const { value, count } of groups) {
          const clause = {
            type: 'field' as const,
            negated: false,
            field: by,
            op: ':' as const,
            values: [value === '' ? { type: 'unset' as const } : { type: 'pattern' as const, parts: [value] }],
          };
          const q = format({ clauses: [...query.clauses, clause], group: null, sort: null });
          expect([value, uidsIn(engine, q, '').length]).toEqual([value, count]);
        }
      }),
      { numRuns: 100 },
    ),
  );

  it('names the machines of groups', async () => {
    const { ask } = await rig();
    const { groups } = await ask(groupsQuestion, { q: 'kind:container', by: 'machine' });
    expect(groups.map(({ value, label, count }) => [value, label, count])).toEqual([
      ['server', 'kube-worker', 4],
      ['kube2/fargate', 'fargate-1', 1],
    ]);
  });
});

describe('the stack of a resource', () => {
  it('goes from a container down to the hypervisor', async () => {
    const { ask } = await rig();
    const stack = stackSchema.parse(await ask(stackQuestion, { uid: 'c1' }));
    expect(uidsOf(stack.self.items)).toEqual(['c1']);
    expect(stack.below.map(({ machine, items }) => [machine, ...uidsOf(items)])).toEqual([
      ['server', 'server', 'kube/n1'],
      ['hypervisor', 'hypervisor'],
    ]);
    expect(stack.above).toMatchObject({ hosts: 0, vms: 0, containers: 0, pods: 0, groups: [], truncated: false });
    expect(stack.managed).toBeNull();
  });

  it('gathers what stands on a hypervisor by workload, each with a filter that finds just that', async () => {
    const { ask, engine } = await rig();
    const { above } = stackSchema.parse(await ask(stackQuestion, { uid: 'hypervisor' }));
    expect(above).toMatchObject({ hosts: 0, vms: 2, containers: 4, pods: 3 });
    expect(above.groups.map(({ workload, count, pods, running }) => [workload?.name, count, pods, running])).toEqual([
      ['web', 3, 2, 2],
      [undefined, 2, 0, 2],
      ['job', 1, 1, 1],
    ]);
    for (const { q, count, items } of above.groups) {
      expect(uidsIn(engine, q, '')).toEqual(uidsOf(items));
      expect(items).toHaveLength(count);
    }
  });

  it('says what a pod stands on where nobody lists the machine', async () => {
    const { ask } = await rig();
    const stack = await ask(stackQuestion, { uid: 'c5' });
    expect(stack?.below.map(({ machine }) => machine)).toEqual(['kube2/fargate']);
    expect(stack?.managed).toBe('fargate');
  });

  it('counts a pod once whose pause container only the engine of its node lists', async () => {
    const uuid = 'f1f1d4a6-0000-4000-8000-000000000001';
    const firmware = { type: 'system-uuid' as const, value: uuid };
    const of = {
      kubernetes: { type: 'node' as const, value: 'k/n' },
      docker: { type: 'host' as const, value: 'docker/e' },
    };
    const hostOf = (provider: keyof typeof of) =>
      anyResource({ uid: provider, kind: 'host', provider, identities: [of[provider], firmware] });
    const containerOf = (uid: string, provider: keyof typeof of, id: string) =>
      anyResource({
        uid,
        kind: 'container',
        provider,
        scope: `${provider}/a/*/containers`,
        namespace: 'shop',
        pod: 'web-1',
        identities: [{ type: 'runtime-id', value: id }],
        hostedBy: [of[provider]],
      });
    const { ask } = await started([
      hostOf('kubernetes'),
      hostOf('docker'),
      containerOf('web', 'kubernetes', 'a'),
      containerOf('k8s_web', 'docker', 'a'),
      containerOf('k8s_POD', 'docker', 'b'),
    ]);
    const stack = await ask(stackQuestion, { uid: 'kubernetes' });
    expect(stack?.above).toMatchObject({ containers: 2, pods: 1 });
  });

  it('is exact where it is too much to be told by name', async () => {
    const node = { type: 'node' as const, value: 'k/n' };
    const host = anyResource({ uid: 'n', kind: 'host', identities: [node] });
    const many = Array.from({ length: 3000 }, (_, i) =>
      anyResource({
        uid: `c${i}`,
        kind: 'container',
        pod: `pod-${i >> 1}`,
        workload: { kind: 'Deployment', name: `w${i % 250}` },
        hostedBy: [node],
      }),
    );
    const { ask } = await started([host, ...many]);
    const stack = await ask(stackQuestion, { uid: 'n' });
    expect(stack?.above).toMatchObject({ containers: 3000, pods: 1500, truncated: true });
    expect(stack?.above.groups).toHaveLength(200);
    for (const { count, items } of stack?.above.groups ?? []) {
      expect(count).toBe(12);
      expect(items.length).toBeGreaterThan(0);
      expect(items.length).toBeLessThanOrEqual(12);
    }
  });

  it('knows no stack of a resource that is not there', async () => {
    const { ask } = await rig();
    expect(await ask(stackQuestion, { uid: 'nobody' })).toBeNull();
    expect(await ask(machineQuestion, { uid: 'nobody' })).toBeNull();
  });
});

describe('a machine', () => {
  it('is found by any of its rows, with its capacity once', async () => {
    const { ask } = await rig();
    for (const uid of ['server', 'kube/n1']) {
      const machine = machineSchema.parse(await ask(machineQuestion, { uid }));
      expect(machine).toMatchObject({ machine: 'server', guests: 4, host: { uid: 'hypervisor', name: 'Hyper-1' } });
      expect(uidsOf(machine.members)).toEqual(['server', 'kube/n1']);
      expect(machine.figures).toMatchObject({
        provisioned: { cpu: 8, memory: 32_768, counted: 1, duplicates: 1 },
        allocatable: { cpu: 7.5, memory: 30_000, counted: 1, duplicates: 0 },
        physical: { cpu: null, counted: 0 },
        used: null,
      });
    }
  });

  it('is split by a person and joined by a person, and stays so', async () => {
    const { ask, store, follower } = await rig();
    const at = '2026-11-21T09:00:00.000Z';
    const pair = { a: 'kube/n1', b: 'server' };
    store.decide(pair, { ...pair, verdict: 'split', reason: 'not the same', at });
    const event = await follower.poll();
    expect(event?.revision).toBe(follower.revision);
    const split = await ask(machineQuestion, { uid: 'server' });
    expect(uidsOf(split?.members ?? [])).toEqual(['server']);
    expect(split?.decisions).toEqual([{ ...pair, verdict: 'split', reason: 'not the same', at }]);
    store.commit(STACKED);
    await follower.poll();
    expect((await ask(machineQuestion, { uid: 'server' }))?.members).toHaveLength(1);
    await follower.build(() => {});
    expect((await ask(machineQuestion, { uid: 'server' }))?.members).toHaveLength(1);
    store.decide(pair, null);
    await follower.poll();
    expect((await ask(machineQuestion, { uid: 'server' }))?.members).toHaveLength(2);
  });
});

describe('why a figure is what it is', () => {
  it('counts each machine once and names the duplicates', async () => {
    const { ask } = await rig();
    const capacity = capacitySchema.parse(await ask(capacityQuestion, { q: '' }));
    expect(capacity.figures).toMatchObject({
      physical: { cpu: 64, memory: 262_144, counted: 1, duplicates: 0 },
      provisioned: { cpu: 14, memory: 32_768 + 8192 + 4096, counted: 3, duplicates: 2 },
      allocatable: { cpu: 7.5 + 1.9 + 2, counted: 3, duplicates: 0, unknown: 0 },
      requested: { cpu: 1.5, memory: 768, counted: 3, unknown: 1 },
    });
    expect(capacity.machines).toBe(2);
    expect(
      capacity.deduplicated.map(({ machine, rows }) => [machine, ...rows.map(({ uid, counts }) => [uid, counts])]),
    ).toEqual(
      expect.arrayContaining([
        ['server', ['server', ['provisioned']], ['kube/n1', ['allocatable']]],
        ['ec2', ['ec2', ['provisioned']], ['kube2/n1', ['allocatable']]],
      ]),
    );
  });

  it('agrees with the sum of groups on every question', () =>
    fc.assert(
      fc.asyncProperty(fleet, question, async (resources, query) => {
        const { ask } = await started(resources);
        const q = format({ ...query, sort: null });
        const { figures, total } = await ask(capacityQuestion, { q });
        const { sum } = await ask(groupsQuestion, { q, by: 'provider' });
        expect(total).toBe(sum?.count ?? 0);
        expect([figures.provisioned.cpu, figures.provisioned.memory]).toEqual([
          sum?.vcpus ?? null,
          sum?.memory ?? null,
        ]);
        expect(figures.requested.cpu).toBe(sum?.requestedCpu ?? null);
        expect(figures.allocatable.memory).toBe(sum?.allocatableMemory ?? null);
        expect(figures.physical.cpu).toBe(sum?.physicalCpu ?? null);
      }),
      { numRuns: 100 },
    ));
});

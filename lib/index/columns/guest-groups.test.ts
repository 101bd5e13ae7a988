import { expect, it } from 'vitest';
import stackQuestion from '#lib/questions/stack.ts';
import { started, uidsIn } from '#tests/support/query-rig.ts';
import { anyResource } from '#tests/support/resource.ts';
import { row } from '#tests/support/stack/linked.ts';

const of = (...said: Parameters<typeof row>) => ({ name: said[0], ...row(...said) });

it('finds just the rows of each group, also where other systems show the same machines', async () => {
  const server = (n: number) => [
    of(`openstack vm s${n}`, `instance-id u${n}`, `system-uuid u${n}`, 'on host openstack/h'),
    of(`libvirt vm d${n}`, `system-uuid u${n}`, 'on host libvirt/h'),
  ];
  const seen = (n: number) => [
    of(`kubernetes container p${n}`, `runtime-id ${n}`, 'on node k/n'),
    of(`docker container q${n}`, `runtime-id ${n}`, 'on host docker/e'),
  ];
  const rows = [
    ...[of('openstack host o', 'host openstack/h'), of('libvirt host l', 'host libvirt/h')],
    ...[1, 2, 3].flatMap(server),
    ...[of('kubernetes host n', 'node k/n', 'instance-id u1'), of('docker host e', 'host docker/e')],
    ...[1, 2].flatMap(seen).map((one) => ({
      ...one,
      workload: one.provider === 'kubernetes' ? { kind: 'Deployment', name: 'web' } : null,
    })),
    of('docker container lone', 'runtime-id 9', 'on host docker/e'),
  ];
  const { ask, engine } = await started(rows.map((one) => anyResource(one)));
  const stack = await ask(stackQuestion, { uid: 'o' });
  expect(stack?.above).toMatchObject({ vms: 3, containers: 3 });
  const told = stack?.above.groups.map(({ items }) => items.map(({ uid }) => uid).sort());
  expect(told).toEqual([['s1', 's2', 's3'], ['p1', 'p2'], ['lone']]);
  for (const { q, items } of stack?.above.groups ?? [])
    expect([q, uidsIn(engine, q, '').sort()]).toEqual([q, items.map(({ uid }) => uid).sort()]);
});

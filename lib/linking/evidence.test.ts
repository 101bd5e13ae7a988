import { describe, expect, test } from 'vitest';
import { Linked, row } from '#tests/support/stack/linked.ts';

const linkOf = (linked: Linked, uid: string) => linked.links(uid)[0];

describe('evidence that proves one machine', () => {
  test.each([
    [
      'provider-id',
      row('aws vm vm', 'provider-id a/i-1'),
      row('kubernetes host node', 'node c/n', 'provider-id a/i-1'),
    ],
    ['resource-id', row('azure vm vm', 'resource-id /x'), row('kubernetes host node', 'node c/n', 'resource-id /x')],
    ['instance-id', row('aws vm vm', 'instance-id i-1'), row('kubernetes host node', 'node c/n', 'instance-id i-1')],
    ['vm-id', row('azure vm vm', 'vm-id u'), row('kubernetes host node', 'node c/n', 'vm-id u')],
    ['system-uuid', row('openstack vm vm', 'instance-id u', 'system-uuid u'), row('libvirt vm dom', 'system-uuid u')],
    [
      'runtime-id',
      row('kubernetes container pod', 'runtime-id ff'),
      row('docker container seen', 'runtime-id ff', 'on host docker/e'),
    ],
  ])('%s', (evidence, one, other) => {
    const linked = new Linked([other, one]);
    expect(linked.machines).toEqual([`${one.uid} ${other.uid}`]);
    expect(linkOf(linked, one.uid)).toMatchObject({ relation: 'same-as', evidence, confidence: 'certain', note: null });
    expect(linked.candidates).toEqual([]);
  });

  test('tells the strongest where there are several, and no pair that only a third row holds together', () => {
    const linked = new Linked([
      row('openstack vm server', 'instance-id u', 'system-uuid u'),
      row('libvirt vm domain', 'system-uuid u'),
      row('kubernetes host node', 'node c/n', 'instance-id u'),
    ]);
    expect(linked.machines).toEqual(['server domain node']);
    expect(linked.links('node').map(({ from, to, evidence }) => [from, to, evidence])).toEqual([
      ['domain', 'server', 'system-uuid'],
      ['node', 'server', 'instance-id'],
    ]);
  });

  test('is found in the byte order of Azure generation 1, and says so', () => {
    const vmId = '11223344-5566-7788-99aa-bbccddeeff00';
    const turned = '44332211-6655-8877-99aa-bbccddeeff00';
    const linked = new Linked([
      row('azure vm vm', 'resource-id /x', `vm-id ${vmId}`, `system-uuid ${vmId}`, `system-uuid ${turned}`),
      row('kubernetes host node', 'node c/n', `system-uuid ${turned}`),
    ]);
    expect(linkOf(linked, 'node')).toMatchObject({
      evidence: 'system-uuid',
      value: turned,
      note: 'in the byte order of Azure generation 1',
    });
  });

  test('is not a value of another type, nor a name', () => {
    const linked = new Linked([
      row('openstack vm server', 'instance-id u', 'hostname web-1'),
      row('libvirt vm domain', 'system-uuid u', 'hostname web-1'),
      row('docker host engine', 'host docker/u', 'hostname web-1'),
    ]);
    expect(linked.machines).toEqual([]);
    expect(linked.candidates).toEqual([]);
  });

  test('a pod that Docker shows several containers of welds none of them together', () => {
    const linked = new Linked([
      row('docker container app', 'runtime-id a', 'pod p', 'on host docker/e'),
      row('docker container pause', 'runtime-id b', 'pod p', 'on host docker/e'),
      row('kubernetes container pod', 'runtime-id a'),
    ]);
    expect(linked.machines).toEqual(['pod app']);
    expect(linked.conflicts).toEqual([]);
  });
});

describe('the start of a kernel', () => {
  const own = ['boot-id b', 'machine-id m'];

  test('fault 111: makes one machine of all engines and the hypervisor that run under it, two of one system too', () => {
    const linked = new Linked([
      row('docker host docker', 'host docker/d', ...own),
      row('docker host podman', 'host docker/podman/p', ...own),
      row('libvirt host libvirt', 'host libvirt/l', ...own),
    ]);
    expect(linked.machines).toEqual(
      ['docker podman libvirt'.split(' ').sort().join(' ')].map(() => expect.any(String)),
    );
    expect(linked.conflicts).toEqual([]);
    expect(linked.candidates).toEqual([]);
    expect(linked.links('docker').filter(({ relation }) => relation === 'same-as')).toHaveLength(3);
    expect(linked.links('docker')[0]).toMatchObject({ evidence: 'boot-id', confidence: 'certain' });
  });

  test('fault 111: of another machine joins nothing', () => {
    const linked = new Linked([
      row('docker host here', 'host docker/d', 'boot-id a'),
      row('libvirt host there', 'host libvirt/l', 'boot-id b'),
    ]);
    expect(linked.machines).toEqual([]);
  });
});

describe('evidence that makes match candidates only', () => {
  const node = ['node c/n'];
  test.each([
    ['likely', 'machine-id', ['machine-id m'], ['machine-id m']],
    ['likely', 'mac', ['mac 52:54:00:00:00:01'], ['mac 52:54:00:00:00:01']],
    ['likely', 'address', ['address 198.51.100.7'], ['address 198.51.100.7']],
    ['likely', 'address', ['address 10.0.0.1', 'hostname web-1'], ['address 10.0.0.1', 'hostname web-1.example.org']],
    ['possible', 'address', ['address 10.0.0.1', 'hostname web-1'], ['address 10.0.0.1', 'hostname web-2']],
    ['possible', 'address', ['address 10.0.0.1'], ['address 10.0.0.1']],
    ['possible', 'address', ['address fd00::1'], ['address fd00::1']],
  ] as const)('is %s: %s %j', (confidence, evidence, one, other) => {
    const linked = new Linked([
      row('aws vm vm', 'instance-id i-1', ...one),
      row('kubernetes host n', ...node, ...other),
    ]);
    expect(linked.machines).toEqual([]);
    expect(linked.candidates).toMatchObject([{ from: 'n', to: 'vm', relation: 'same-as', evidence, confidence }]);
    expect(linked.links('vm')).toEqual(linked.candidates);
  });

  test('a name that is built of the address makes it no likelier', () => {
    const both = ['address 10.0.0.1', 'hostname ip-10-0-0-1.eu-west-1.compute.internal'];
    const linked = new Linked([
      row('aws vm vm', 'instance-id i-1', ...both),
      row('kubernetes host n', ...node, ...both),
    ]);
    expect(linked.candidates).toMatchObject([{ confidence: 'possible' }]);
  });

  test('addresses that every machine has are none', () => {
    const own = ['address 127.0.0.1', 'address 169.254.1.1', 'address fe80::1'];
    expect(new Linked([row('aws vm vm', 'instance-id i', ...own), row('docker host h', ...own)]).candidates).toEqual(
      [],
    );
  });

  test('a public address that several machines say speaks for none of them alone', () => {
    const at = 'address 198.51.100.7';
    const linked = new Linked([
      row('aws vm a', 'instance-id i-1', at),
      row('aws vm b', 'instance-id i-2', at),
      row('docker host h', 'host docker/h', at),
    ]);
    expect(linked.candidates.map(({ confidence }) => confidence)).toEqual(['possible', 'possible']);
  });

  test('a pair that cannot be one machine is no match candidate: the machine of the other has that role already', () => {
    const linked = new Linked([
      row('aws vm a', 'instance-id i-1', 'address 10.0.0.1'),
      row('kubernetes host n', ...node, 'instance-id i-1', 'address 10.0.0.1'),
      row('aws vm b', 'instance-id i-2', 'address 10.0.0.1'),
    ]);
    expect(linked.machines).toEqual(['a n']);
    expect(linked.candidates).toEqual([]);
  });

  test('likely ones come first, one a pair', () => {
    const linked = new Linked([
      row('aws vm a', 'instance-id i-1', 'address 10.0.0.1', 'mac 0a'),
      row('docker host h', 'host docker/h', 'address 10.0.0.1', 'mac 0a'),
      row('gcp vm b', 'instance-id 2', 'address 10.0.0.2'),
      row('docker host g', 'host docker/g', 'address 10.0.0.2'),
    ]);
    expect(linked.candidates.map(({ evidence, confidence }) => [evidence, confidence])).toEqual([
      ['mac', 'likely'],
      ['address', 'possible'],
    ]);
  });
});

describe('the rows of a machine', () => {
  test('stand in the order of what provisions it, whatever came first', () => {
    const rows = [
      row('libvirt host l', 'host libvirt/l', 'system-uuid u'),
      row('kubernetes host n', 'node c/n', 'system-uuid u'),
      row('libvirt vm d', 'system-uuid u'),
      row('openstack vm s', 'instance-id u', 'system-uuid u'),
    ];
    expect(new Linked(rows).machines).toEqual(['s d n l']);
    expect(new Linked(rows.toReversed()).machines).toEqual(['s d n l']);
  });

  test('keep their first one while others come and go', () => {
    const linked = new Linked([
      row('aws vm v', 'instance-id i'),
      row('kubernetes host n', 'node c/n', 'instance-id i'),
    ]);
    const head = linked.members('n');
    linked.put(row('gcp vm other', 'instance-id 2'), row('kubernetes host m', 'node c/m', 'instance-id 2'));
    linked.drop('other');
    expect(linked.members('n')).toBe(head);
    linked.drop('v');
    expect(linked.members('n')).toBe('n');
    linked.put(row('aws vm v', 'instance-id i'));
    expect(linked.members('n')).toBe(head);
  });
});

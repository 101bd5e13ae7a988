import { describe, expect, test } from 'vitest';
import { decided, Linked, row } from '#tests/support/stack/linked.ts';

const nova = (name: string, ...said: string[]) => row(`openstack host ${name}`, `host openstack/k/r/${name}`, ...said);
const libvirt = (name: string, ...said: string[]) => row(`libvirt host ${name}`, `host libvirt/${name}`, ...said);
const server = (id: string, on: string) =>
  row(`openstack vm s-${id}`, `instance-id ${id}`, `system-uuid ${id}`, `on host openstack/k/r/${on}`);
const domain = (id: string, on: string) => row(`libvirt vm d-${id}`, `system-uuid ${id}`, `on host libvirt/${on}`);

describe('what a resource runs on', () => {
  const rows = [
    row('kubernetes container c', 'runtime-id ff', 'on node k/n'),
    row('kubernetes host n', 'node k/n', 'instance-id u'),
    server('u', 'h'),
    nova('h'),
  ];

  test('is followed from a container through its node and VM to the hypervisor', () => {
    const linked = new Linked(rows);
    expect(linked.host('c')).toBe('n');
    expect(linked.host('n')).toBe('h');
    expect(linked.host('s-u')).toBe('h');
    expect(linked.host('h')).toBeNull();
    expect(linked.guests('s-u')).toEqual(['c']);
    expect(linked.guests('h')).toEqual(['n', 's-u']);
    expect(linked.links('n')).toContainEqual(
      expect.objectContaining({ relation: 'runs-on', from: 's-u', to: 'h', evidence: 'host', confidence: 'certain' }),
    );
  });

  test('is found again when the host comes, goes and comes again', () => {
    const linked = new Linked(rows.slice(0, 1));
    expect(linked.host('c')).toBeNull();
    linked.put(...rows.slice(1));
    expect(linked.host('c')).toBe('n');
    linked.drop('n');
    expect(linked.host('c')).toBeNull();
    expect(linked.guests('s-u')).toEqual([]);
    linked.put(row('kubernetes host n', 'node k/n', 'instance-id u'));
    expect(linked.host('c')).toBe('n');
  });

  test('is nothing where two machines have the name, and the VM where a VM and its node have it', () => {
    const guest = row('kubernetes container c', 'runtime-id ff', 'on instance-id i');
    const [vm, node] = [row('aws vm v', 'instance-id i'), row('kubernetes host n', 'node k/n', 'instance-id i')];
    expect(new Linked([guest, vm, node]).host('c')).toBe('v');
    expect(new Linked([guest, vm, node], [decided('split', 'v', 'n')]).host('c')).toBeNull();
  });

  test('is never itself, nor a row of its own machine, nor in a circle', () => {
    const linked = new Linked([
      row('docker container self', 'instance-id x', 'on instance-id x'),
      row('docker container a', 'instance-id a', 'on instance-id b'),
      row('docker container b', 'instance-id b', 'on instance-id a'),
      row('docker container c', 'instance-id c', 'on instance-id b'),
    ]);
    expect(['self', 'a', 'b'].map((uid) => linked.host(uid))).toEqual([null, null, null]);
    expect(linked.host('c')).toBe('b');
    linked.drop('a');
    expect(linked.host('b')).toBeNull();
    linked.put(row('docker container a', 'instance-id a'));
    expect(linked.host('b')).toBe('a');
  });
});

test('a circle that closes when a namesake goes is none either', () => {
  const linked = new Linked([
    row('docker host a', 'host a', 'on host b'),
    row('docker host b', 'host b', 'on host a'),
    row('docker host namesake', 'host b'),
  ]);
  expect([linked.host('a'), linked.host('b')]).toEqual([null, 'a']);
  linked.put(row('docker host namesake'));
  expect([linked.host('a'), linked.host('b')]).toEqual([null, null]);
});

describe('hosts that run the same machines', () => {
  test('are one machine with two guests in common', () => {
    const linked = new Linked([
      nova('h'),
      libvirt('l'),
      server('1', 'h'),
      domain('1', 'l'),
      server('2', 'h'),
      domain('2', 'l'),
    ]);
    expect(linked.machines).toEqual(['l h', 's-1 d-1', 's-2 d-2']);
    expect(linked.links('h')).toMatchObject([
      { evidence: 'guests', confidence: 'certain', note: 'and 1 more that both run' },
    ]);
    expect(linked.guests('l')).toEqual(['d-1', 'd-2', 's-1', 's-2']);
  });

  test('are one machine with one guest and one name, and match candidates with one guest alone', () => {
    const guests = [server('1', 'h'), domain('1', 'l')];
    const named = new Linked([
      nova('h', 'hostname compute-1.example.org'),
      libvirt('l', 'hostname compute-1'),
      ...guests,
    ]);
    expect(named.members('h')).toBe('l h');
    const other = new Linked([nova('h'), libvirt('l'), ...guests]);
    expect(other.members('h')).toBe('h');
    expect(other.candidates).toMatchObject([{ evidence: 'guests', confidence: 'likely' }]);
  });

  test('are only match candidates while a guest is somewhere else', () => {
    const rows = ['1', '2', '3'].flatMap((id) => [server(id, 'h'), domain(id, 'l')]);
    const linked = new Linked([nova('h'), libvirt('l'), libvirt('m'), ...rows]);
    expect(linked.members('h')).toBe('l h');
    linked.put(domain('3', 'm'));
    expect(linked.members('h')).toBe('h');
    expect(
      linked.candidates.every(({ evidence, confidence }) => evidence === 'guests' && confidence === 'likely'),
    ).toBe(true);
    linked.put(domain('3', 'l'));
    expect(linked.members('h')).toBe('l h');
  });

  test('are only match candidates where their names differ: all guests went to a spare host, and libvirt of the old one does not answer', () => {
    const guests = ['1', '2'].flatMap((id) => [server(id, 'spare'), domain(id, 'old')]);
    const hosts = [nova('spare', 'hostname spare.example.org'), libvirt('old', 'hostname old.example.org')];
    const linked = new Linked([...hosts, ...guests]);
    expect(linked.members('spare')).toBe('spare');
    expect(linked.candidates).toMatchObject([{ evidence: 'guests', confidence: 'likely' }]);
    linked.put(libvirt('old', 'hostname spare'));
    expect(linked.members('spare')).toBe('old spare');
  });

  test('a node may have another name than the Docker host that it is', () => {
    const guests = ['1', '2'].flatMap((id) => [
      row(`kubernetes container p${id}`, `runtime-id ${id}`, 'on node k/n'),
      row(`docker container q${id}`, `runtime-id ${id}`, 'on host docker/e'),
    ]);
    const node = row('kubernetes host n', 'node k/n', 'hostname worker-7');
    const linked = new Linked([node, row('docker host e', 'host docker/e', 'hostname debian'), ...guests]);
    expect(linked.members('n')).toBe('n e');
  });

  test('a Docker host is the node whose containers it shows, and so the node’s VM', () => {
    const seen = (id: string) => [
      row(`kubernetes container p${id}`, `runtime-id ${id}`, 'on node k/n'),
      row(`docker container q${id}`, `runtime-id ${id}`, 'on host docker/e'),
    ];
    const linked = new Linked([
      row('aws vm v', 'instance-id i'),
      row('kubernetes host n', 'node k/n', 'instance-id i'),
      row('docker host e', 'host docker/e'),
      ...seen('1'),
      ...seen('2'),
    ]);
    expect(linked.machines).toEqual(['p1 q1', 'p2 q2', 'v n e']);
    expect(linked.guests('v')).toEqual(['p1', 'p2', 'q1', 'q2']);
  });

  test('a hypervisor that is a node too is one machine with it by its firmware', () => {
    const linked = new Linked([libvirt('l', 'system-uuid f'), row('kubernetes host n', 'node k/n', 'system-uuid f')]);
    expect(linked.machines).toEqual(['n l']);
  });

  test('a person may keep them apart', () => {
    const guests = ['1', '2'].flatMap((id) => [server(id, 'h'), domain(id, 'l')]);
    const linked = new Linked([nova('h'), libvirt('l'), ...guests], [decided('split', 'h', 'l')]);
    expect(linked.members('h')).toBe('h');
    expect(linked.conflicts).toMatchObject([{ kind: 'split', evidence: 'guests', count: 2 }]);
    // What both have is what they run.
    expect(linked.conflicts[0]?.value).toMatch(/^[sd]-[12]$/);
  });
});

import { describe, expect, test } from 'vitest';
import { decided, Linked, row } from '#tests/support/stack/linked.ts';

describe('conflicts', () => {
  test('a firmware UUID of cloned domains joins nobody, not even the server whose it is', () => {
    const linked = new Linked([
      row('libvirt vm a', 'system-uuid u'),
      row('libvirt vm b', 'system-uuid u'),
      row('openstack vm s', 'instance-id u', 'system-uuid u'),
    ]);
    expect(linked.machines).toEqual([]);
    expect(linked.conflicts).toMatchObject([{ kind: 'cloned', evidence: 'system-uuid', value: 'u', count: 3 }]);
    expect(linked.conflicts[0]?.resources[0]).toBe('s');
    expect(linked.conflictsOf('a')).toEqual(linked.conflicts);
  });

  test('a cloned machine id is listed, not followed and makes no match candidates', () => {
    const nodes = [1, 2, 3].map((n) =>
      row(`kubernetes host n${n}`, `node c/n${n}`, 'machine-id m', `instance-id i-${n}`),
    );
    const linked = new Linked([...nodes, row('aws vm v', 'instance-id i-1')]);
    expect(linked.machines).toEqual(['v n1']);
    expect(linked.conflicts).toMatchObject([{ kind: 'cloned', evidence: 'machine-id', count: 3 }]);
    expect(linked.candidates).toEqual([]);
  });

  test('names twenty of many, and says how many there are', () => {
    const nodes = Array.from({ length: 25 }, (_, n) => row(`kubernetes host n${n}`, `node c/n${n}`, 'machine-id m'));
    const [first] = new Linked(nodes).conflicts;
    expect(first).toMatchObject({ count: 25 });
    expect(first?.resources.length).toBe(20);
  });

  test('one VM that two nodes claim is neither one’s', () => {
    const claims = ['provider-id a/i-1', 'instance-id i-1'];
    const linked = new Linked([
      row('aws vm v', ...claims),
      row('kubernetes host n', 'node c/n', ...claims),
      row('kubernetes host m', 'node d/m', ...claims),
    ]);
    expect(linked.machines).toEqual([]);
    // Told once, by the strongest evidence.
    expect(linked.conflicts).toMatchObject([{ kind: 'claimed-twice', evidence: 'provider-id', count: 3 }]);
    linked.drop('m');
    expect(linked.machines).toEqual(['v n']);
    expect(linked.conflicts).toEqual([]);
  });

  test('two nodes that say one instance id are told though their VM is not listed', () => {
    const linked = new Linked([
      row('kubernetes host n', 'node c/n', 'instance-id i-1'),
      row('kubernetes host m', 'node d/m', 'instance-id i-1'),
    ]);
    expect(linked.conflicts).toMatchObject([{ kind: 'claimed-twice', evidence: 'instance-id', count: 2 }]);
  });

  test('names that nobody has to tell apart are none: nodes of k3s in two clusters', () => {
    const linked = new Linked([
      row('kubernetes host n', 'node c/n', 'provider-id k3s://n'),
      row('kubernetes host m', 'node d/n', 'provider-id k3s://n'),
    ]);
    expect(linked.machines).toEqual([]);
    expect(linked.conflicts).toEqual([]);
  });

  describe('a name that two VMs have had', () => {
    const older = row('gcp vm old', 'provider-id p/z/web', 'instance-id 1');
    const younger = row('gcp vm new', 'provider-id p/z/web', 'instance-id 2');

    test('is listed where the node does not say which of them it is', () => {
      const linked = new Linked([older, younger, row('kubernetes host n', 'node c/n', 'provider-id p/z/web')]);
      expect(linked.machines).toEqual([]);
      expect(linked.conflicts).toMatchObject([{ kind: 'reused-name', evidence: 'provider-id', count: 3 }]);
    });

    test('is settled by the instance id that the node says', () => {
      const node = row('kubernetes host n', 'node c/n', 'provider-id p/z/web', 'instance-id 2');
      const linked = new Linked([older, younger, node]);
      expect(linked.machines).toEqual(['new n']);
      expect(linked.conflicts).toEqual([]);
    });

    test('joins no node with the older one while the younger is not listed yet', () => {
      const node = row('kubernetes host n', 'node c/n', 'provider-id p/z/web', 'instance-id 2');
      const linked = new Linked([older, node]);
      expect(linked.machines).toEqual([]);
      expect(linked.conflicts).toMatchObject([{ kind: 'reused-name', count: 2 }]);
      linked.put(younger);
      expect(linked.machines).toEqual(['new n']);
      expect(linked.conflicts).toEqual([]);
    });

    test('on Azure the VM id tells, which the firmware says too', () => {
      const linked = new Linked([
        row('azure vm old', 'provider-id /x', 'vm-id u1', 'system-uuid u1', 'system-uuid u1-turned'),
        row('kubernetes host n', 'node c/n', 'provider-id /x', 'system-uuid u2'),
      ]);
      expect(linked.machines).toEqual([]);
      expect(linked.conflicts).toMatchObject([{ kind: 'reused-name' }]);
    });
  });

  test('a terminated VM claims nothing where a live one does', () => {
    const linked = new Linked([
      row('gcp vm gone terminated', 'provider-id p/z/web', 'instance-id 1'),
      row('gcp vm live', 'provider-id p/z/web', 'instance-id 2'),
      row('kubernetes host n', 'node c/n', 'provider-id p/z/web'),
    ]);
    expect(linked.machines).toEqual(['live n']);
    expect(linked.conflicts).toEqual([]);
    linked.drop('live');
    expect(linked.machines).toEqual(['gone n']);
  });

  test('evidence that leads to two VMs follows the stronger, and tells of the weaker', () => {
    const linked = new Linked([
      row('aws vm a', 'instance-id i-1'),
      row('azure vm b', 'vm-id u', 'system-uuid u'),
      row('kubernetes host n', 'node c/n', 'instance-id i-1', 'system-uuid u'),
    ]);
    expect(linked.machines).toEqual(['a n']);
    expect(linked.conflicts).toMatchObject([{ kind: 'cloned', evidence: 'system-uuid', value: 'u', count: 3 }]);
    expect(linked.conflictsOf('b')).toEqual(linked.conflicts);
  });

  test('those with the most resources come first, and only so many as were asked for', () => {
    const linked = new Linked([
      ...[1, 2].map((n) => row(`libvirt vm d${n}`, 'system-uuid u')),
      ...[1, 2, 3].map((n) => row(`libvirt vm e${n}`, 'system-uuid w')),
    ]);
    expect(linked.conflicts.map(({ count }) => count)).toEqual([3, 2]);
    expect(linked.stack.conflicts(1, String)).toMatchObject({ total: 2 });
  });
});

describe('what people decide', () => {
  const vm = row('aws vm v', 'instance-id i', 'address 10.0.0.1');
  const node = row('kubernetes host n', 'node c/n', 'instance-id i');
  const engine = row('docker host e', 'host docker/e', 'address 10.0.0.1');

  test('a join makes one machine, with its reason as evidence, and the pair is no match candidate any more', () => {
    const linked = new Linked([vm, engine], [decided('join', 'v', 'e')]);
    expect(linked.machines).toEqual(['v e']);
    expect(linked.links('e')).toMatchObject([{ evidence: 'person', value: 'join by hand', confidence: 'certain' }]);
    expect(linked.candidates).toEqual([]);
  });

  test('a join holds against roles', () => {
    const linked = new Linked([vm, row('gcp vm w', 'instance-id 2')], [decided('join', 'v', 'w')]);
    expect(linked.machines.length).toBe(1);
    expect(linked.conflicts).toEqual([]);
  });

  test('a split parts what certain evidence joins, and that is told', () => {
    const linked = new Linked([vm, node], [decided('split', 'v', 'n')]);
    expect(linked.machines).toEqual([]);
    expect(linked.conflicts).toMatchObject([{ kind: 'split', evidence: 'instance-id', value: 'i', count: 2 }]);
    linked.decide();
    expect(linked.machines).toEqual(['v n']);
    expect(linked.conflicts).toEqual([]);
  });

  test('a pair that is split is no match candidate any more', () => {
    const linked = new Linked([vm, engine], [decided('split', 'v', 'e')]);
    expect(linked.candidates).toEqual([]);
  });

  test('a split pair is not joined through a third row', () => {
    const rows = [vm, node, engine];
    const linked = new Linked(rows, [decided('join', 'n', 'e'), decided('split', 'v', 'e')]);
    expect(linked.machines).toEqual(['n e']);
    expect(linked.conflicts).toMatchObject([{ kind: 'split' }]);
  });

  test('decisions hold again when their rows come back', () => {
    const linked = new Linked([vm, engine], [decided('join', 'v', 'e')]);
    linked.drop('e');
    expect(linked.machines).toEqual([]);
    linked.put(engine);
    expect(linked.machines).toEqual(['v e']);
    linked.put(vm);
    expect(linked.machines).toEqual(['v e']);
  });
});

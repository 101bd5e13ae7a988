import { expect, test } from 'vitest';
import type { Item } from '#lib/api/resources.ts';
import { anyItem } from '#tests/support/item.ts';
import { aboveWords, byPod, endWords, roleOf, sizeOf } from './words.ts';

const appearanceOf = (id: string) => ({
  ...{ id, label: id === 'docker' ? 'Docker' : id, short: id, color: { light: '#000000', dark: '#ffffff' } },
  isEngine: id === 'docker',
});
const layer = (...items: Item[]) => ({ machine: items[0]?.uid ?? '', items });
const node = anyItem({ uid: 'n', kind: 'host', provider: 'kubernetes', identities: [{ type: 'node', value: 'c/n' }] });

test('the end of a stack has its reason: managed nodes, what is not listed, the cloud, the hardware', () => {
  const end = (items: Item[], managed: 'fargate' | null = null) =>
    endWords({ managed, self: layer(...items), below: [] }, appearanceOf);
  expect(end([node], 'fargate')).toBe('Fargate: EKS runs this node on a machine it does not show.');
  const hosted = anyItem({ kind: 'vm', hostedBy: [{ type: 'host', value: 'openstack/cloud/one/compute-05' }] });
  expect(end([hosted])).toContain('runs on compute-05, which is not listed');
  expect(end([anyItem({ kind: 'vm', hostedBy: [] })])).toContain('cloud does not show');
  expect(end([node])).toContain('this node runs on is not known');
  expect(end([anyItem({ kind: 'host', physical: { cpu: 64, memory: 1024 } })])).toBeNull();
});

test('counts are exact and leave out what is not there', () => {
  expect(aboveWords({ hosts: 0, vms: 1, containers: 1_234, pods: 20 })).toBe('1 VM, 1,234 containers in 20 pods');
  expect(aboveWords({ hosts: 0, vms: 0, containers: 3, pods: 0 })).toBe('3 containers');
  expect(aboveWords({ hosts: 0, vms: 0, containers: 0, pods: 0 })).toBe('nothing');
});

test('containers stand with their pod, and pods of one name in two namespaces apart', () => {
  const at = (uid: string, namespace: string, pod: string | null) =>
    anyItem({ uid, kind: 'container', namespace, pod });
  const entries = byPod([
    at('1', 'a', 'p'),
    at('2', 'a', 'p'),
    at('3', 'b', 'p'),
    at('4', 'a', null),
    at('5', 'a', null),
  ]);
  expect(entries.map(({ items }) => items.map(({ uid }) => uid))).toEqual([['1', '2'], ['3'], ['4'], ['5']]);
});

test('each kind says the capacity that is its own, and what it is in its own word', () => {
  expect(sizeOf(anyItem({ kind: 'vm', vcpus: 8, memory: 32_768, allocatable: null, physical: null }))).toBe(
    '8 vCPU, 32 Gi',
  );
  expect(sizeOf(anyItem({ kind: 'host', physical: { cpu: 128, memory: 1024 } }))).toBe('128 cores, 1 Gi physical');
  expect(sizeOf(anyItem({ kind: 'container', requests: null, physical: null }))).toBe('nothing requested');
  expect(roleOf(node, appearanceOf)).toBe('node');
  const host: Partial<Item> = { kind: 'host', identities: [], physical: null };
  expect(roleOf(anyItem({ ...host, provider: 'docker' }), appearanceOf)).toBe('Docker host');
  expect(roleOf(anyItem({ ...host, provider: 'libvirt' }), appearanceOf)).toBe('host');
});

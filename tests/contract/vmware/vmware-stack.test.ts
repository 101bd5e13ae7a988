import { expect, it } from 'vitest';
import type { Resource, Scope } from '#lib/model/index.ts';
import { toResource } from '#providers/vmware-workstation/map/map.ts';
import { hostResource } from '#providers/vmware-workstation/map/map-host.ts';
import type { Vm } from '#providers/vmware-workstation/map/vm.ts';
import { Linked, row } from '#tests/support/stack/linked.ts';

const scope: Scope = {
  id: 'desk/desk-7/*/vms',
  provider: 'vmware-workstation',
  source: 'desk',
  account: 'desk-7',
  region: null,
  part: 'vms',
  kind: 'vm',
  label: 'desk-7 VMs',
};
const vm: Vm = {
  path: '/home/dev/vmware/k3s/k3s.vmx',
  id: null,
  name: 'k3s',
  power: 'poweredOn',
  cpus: 4,
  memory: 8192,
  guestOs: 'debian12-64',
  // kubernetes/cloud-provider-vsphere: `422e4956-...` by VMware, `56492e42-...` by the node.
  uuidBios: '42 2e 49 56 ad 22 11 39-6d 72 59 cc 8f 26 bc 90',
  notes: null,
  nics: [],
  addresses: null,
  unknown: [],
};
const machine = { hostname: 'desk-7', kernel: '6.1', memory: 32_768, installed: null, bootId: 'b', machineId: null };
const member = ({ uid, provider, kind, identities, hostedBy }: Resource) =>
  row(
    `${provider} ${kind} ${uid}`,
    ...identities.map(({ type, value }) => `${type} ${value}`),
    ...hostedBy.map(({ type, value }) => `on ${type} ${value}`),
  );

const guest = member(toResource(vm, scope));
const desk = member(hostResource({ own: { machine, cpus: 16 }, networks: null }, scope));

it.each([
  ['today', '56492e42-22ad-3911-6d72-59cc8f26bc90'],
  ['of old hardware', '422e4956-ad22-1139-6d72-59cc8f26bc90'],
])('a node in a VM is that VM, by what its firmware tells a guest %s', (_, uuid) => {
  const linked = new Linked([desk, guest, row('kubernetes host node', 'node c/n', `system-uuid ${uuid}`)]);
  expect(linked.machines).toEqual([`${guest.uid} node`]);
  expect(linked.links('node')[0]).toMatchObject({ evidence: 'system-uuid', confidence: 'certain', note: null });
});

it('is what libvirt of the same machine lists, and the desk is the machine of its Docker', () => {
  const linked = new Linked([
    desk,
    guest,
    row('libvirt vm domain', 'system-uuid 422e4956-ad22-1139-6d72-59cc8f26bc90'),
    row('docker host engine', 'host docker/e', 'boot-id b'),
  ]);
  expect(linked.machines.toSorted()).toEqual([`domain ${guest.uid}`, `engine ${desk.uid}`].toSorted());
});

import { expect, it, onTestFinished } from 'vitest';
import { FAKE_VIRSH } from '#tests/fakes/libvirt.ts';
import { aDomain, HOST_UUID, LibvirtHost } from '#tests/fakes/libvirt-host.ts';
import { calm, listed, openLibvirt, scopesOf } from '#tests/support/libvirt/libvirt.ts';

async function hypervisor() {
  const host = await LibvirtHost.start([aDomain(1)]);
  onTestFinished(() => host.close());
  return { host, connection: await openLibvirt({ uri: host.uri, virsh: FAKE_VIRSH }) };
}

it('calls a hypervisor that cannot tell its UUID just now failed, never another one: its scopes would be gone', async () => {
  const { host, connection } = await hypervisor();
  const { domains } = await scopesOf(connection);
  host.failing.set('capabilities', 'internal error: cannot probe the emulator');
  await expect(scopesOf(connection)).rejects.toMatchObject({ kind: 'bad-reply' });
  expect(await listed(connection.list(domains, calm()), domains)).toMatchObject({
    complete: false,
    reason: { kind: 'bad-reply', message: expect.stringContaining('cannot probe') },
  });
  host.failing.clear();
  expect((await scopesOf(connection)).domains.account).toBe(HOST_UUID);
});

it('names a hypervisor by its host where the driver knows no capabilities', async () => {
  const { host, connection } = await hypervisor();
  host.failing.set(
    'capabilities',
    'this function is not supported by the connection driver: virConnectGetCapabilities',
  );
  expect((await scopesOf(connection)).domains.account).toBe('hyper-1:qemu:/system');
});

/** What libvirt's driver for VMware Workstation does not have (libvirt 9.0, by its real virsh). */
const OF_VMWARE = {
  capabilities: 'virConnectGetCapabilities',
  hostname: 'virConnectGetHostname',
  nodeinfo: 'virNodeGetInfo',
};

it('lists the domains of a driver that says nothing of its host, under the host of its address, and says what is not told', async () => {
  const { host, connection } = await hypervisor();
  host.lack(OF_VMWARE);
  const { domains, host: scope } = await scopesOf(connection);
  expect(domains.account).toBe('127.0.0.1:qemu:/system');
  expect(await listed(connection.list(domains, calm()), domains)).toMatchObject({ complete: true });
  const [row] = [...(await listed(connection.list(scope, calm()), scope)).resources.values()];
  expect(row).toMatchObject({
    vcpus: null,
    memory: null,
    physical: null,
    raw: { unreported: ['capabilities', 'hostname', 'nodeinfo'] },
  });
});

it('calls a driver that says nothing of its host for another reason failed', async () => {
  const { host, connection } = await hypervisor();
  host.lack(OF_VMWARE);
  host.failing.set('nodeinfo', 'End of file while reading data: Input/output error');
  await expect(scopesOf(connection)).rejects.toMatchObject({ place: expect.any(String) });
});

it('says that reading the hypervisor is denied where its capabilities are', async () => {
  const { host, connection } = await hypervisor();
  host.failing.set('capabilities', "access denied: 'connect' denied access");
  await expect(scopesOf(connection)).rejects.toMatchObject({ kind: 'permission' });
  const seen = await Array.fromAsync(connection.permissions(calm()));
  expect(seen.filter(({ state }) => state !== 'allowed').map(({ action, state }) => [action, state])).toEqual([
    ['org.libvirt.api.connect.read', 'denied'],
  ]);
});

it('fault 112: has the memory that there is now where the driver tells it, else what there was as the daemon began', async () => {
  const { host, connection } = await hypervisor();
  const { host: scope } = await scopesOf(connection);
  const memory = async () =>
    [...(await listed(connection.list(scope, calm()), scope)).resources.values()].map((row) => [
      row.memory,
      row.physical?.memory,
    ]);
  expect(await memory()).toEqual([[16384, 16384]]);
  host.nodememstats = 'total  :             33554432 KiB\nfree   :             20834468 KiB\n\n';
  expect(await memory()).toEqual([[32768, 32768]]);
  host.nodememstats = 'nonsense\n\n';
  expect(await memory()).toEqual([[16384, 16384]]);
});

it('fault 112: an error of the one call is not that of the other', async () => {
  const { host, connection } = await hypervisor();
  host.failing.set('capabilities', 'some words that nobody knows');
  host.failing.set('nodememstats', 'this function is not supported by the connection driver: virNodeGetMemoryStats');
  await expect(scopesOf(connection)).rejects.toMatchObject({ kind: 'bad-reply' });
});

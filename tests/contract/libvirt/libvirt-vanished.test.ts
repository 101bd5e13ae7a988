import { describe, expect, it, onTestFinished } from 'vitest';
import { type Described, openClient } from '#providers/libvirt/client/client.ts';
import { libvirtConfig } from '#providers/libvirt/config.ts';
import { findVirsh, NO_VIRSH } from '#scripts/machine/virsh.ts';
import { FAKE_VIRSH } from '#tests/fakes/libvirt.ts';
import { aDomain, LibvirtHost } from '#tests/fakes/libvirt-host.ts';
import { calm, listed, openLibvirt, scopesOf, scratch, sorted } from '#tests/support/libvirt/libvirt.ts';
import { uuidAt, writeTestNode } from '#tests/support/libvirt/libvirt-node.ts';

async function listing(prepare: (host: LibvirtHost) => void) {
  const host = await LibvirtHost.start([aDomain(1), aDomain(2), aDomain(3)]);
  onTestFinished(() => host.close());
  const connection = await openLibvirt({ uri: host.uri, virsh: FAKE_VIRSH });
  const { domains } = await scopesOf(connection);
  prepare(host);
  return listed(connection.list(domains, calm()), domains);
}

it('a domain that vanishes between the list and its description is gone, and the listing complete', async () => {
  const result = await listing((host) => {
    host.onDescribe = () => {
      host.rows = host.rows.filter(({ uuid }) => uuid !== uuidAt(2));
    };
  });
  expect(result.complete).toBe(true);
  expect(sorted(result).map(({ nativeId }) => nativeId)).toEqual([uuidAt(1), uuidAt(3)]);
});

it('a domain that is there and cannot be described makes the listing incomplete, with the others in it', async () => {
  const result = await listing((host) => void host.unreadable.add(uuidAt(2)));
  expect(result.complete ? null : result.reason.kind).toBe('unreadable');
  expect(sorted(result).map(({ nativeId }) => nativeId)).toEqual([uuidAt(1), uuidAt(3)]);
});

it('takes a hypervisor whose domains are all gone at its word, and no answer for none', async () => {
  const none = await listing((host) => {
    host.rows = [];
  });
  expect([none.complete, none.resources.size]).toEqual([true, 0]);
  const silent = await listing((host) => {
    host.onDescribe = () => void host.close();
  });
  expect(silent.complete).toBe(false);
});

const virsh = findVirsh();

describe.skipIf(!virsh)(`the real virsh${virsh ? '' : ` (left out: ${NO_VIRSH})`}`, () => {
  it('goes on behind an unknown UUID in a batch, and says which there are', async () => {
    const client = await openClient(libvirtConfig.parse({ uri: writeTestNode(scratch(), 2) }));
    const said: Described[] = [];
    const wanted = [uuidAt(0), uuidAt(77), uuidAt(1)].map((uuid) => ({ uuid, state: null }));
    const present = await client.describe(wanted, calm(), (domain) => void said.push(domain));
    expect(said.map(({ uuid, xml }) => [uuid, xml !== null])).toEqual([
      [uuidAt(0), true],
      [uuidAt(77), false],
      [uuidAt(1), true],
    ]);
    expect(said.map(({ state }) => state)).toEqual(['no state (unknown)', null, 'running (unknown)']);
    expect(present).toEqual([uuidAt(0), uuidAt(1)]);
  });

  it('is never given anything but UUIDs to read', async () => {
    const client = await openClient(libvirtConfig.parse({ uri: 'test:///default' }));
    for (const uuid of [
      'test',
      'test; shutdown test',
      `${uuidAt(1)}\nshutdown test`,
      '--help',
      uuidAt(1).toUpperCase().replace('4', 'A'),
    ])
      await expect(client.describe([{ uuid, state: null }], calm(), () => {})).rejects.toMatchObject({
        kind: 'bad-reply',
      });
  });
});

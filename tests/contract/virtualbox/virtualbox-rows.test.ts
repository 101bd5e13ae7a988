import { expect, it } from 'vitest';
import { ACTIONS } from '#providers/virtualbox/policy.ts';
import { aVm, failing, vboxReply } from '#tests/fakes/virtualbox.ts';
import { calm, listed, sorted, virtualBoxHere } from '#tests/support/virtualbox/virtualbox.ts';

const NAMES = [
  'q"uote\\back',
  'e\u001b[31mred',
  'new\nline',
  '<inaccessible>',
  'UUID: 00000000-0000-4000-8000-000000000009',
  'x" {00000000-0000-4000-8000-000000000009}\n"y',
  '測試機 é',
  'VMState="aborted"\nname="other"',
];

it('fault 76: takes names as they are, with quotes, line breaks, colours and words of VBoxManage in them', async () => {
  const { connection, vms } = await virtualBoxHere(NAMES.map((name, at) => aVm(at + 1, { name })));
  const listing = await listed(connection.list(vms, calm()), vms);
  expect(listing.complete).toBe(true);
  expect(sorted(listing).map(({ name, state }) => [name, state])).toEqual(NAMES.map((name) => [name, 'running']));
});

it('fault 76: a description that looks like another key is a description, and a tag', async () => {
  const description = 'a"\nVMState="aborted"\n\nUUID="x"\n\\';
  const { connection, vms } = await virtualBoxHere([aVm(1, { description, groups: '/shop,/lab' })]);
  const [row] = sorted(await listed(connection.list(vms, calm()), vms));
  expect(row).toMatchObject({ state: 'running', tags: { description, groups: '/shop,/lab' } });
});

it('keeps a VM whose settings cannot be read: its state is not known, and the rest stays as it was', async () => {
  const { connection, vms, host } = await virtualBoxHere([aVm(1), { ...aVm(2), machine: null }]);
  const listing = await listed(connection.list(vms, calm()), vms);
  expect(listing.complete).toBe(true);
  const [, row] = sorted(listing);
  expect(row).toMatchObject({ name: '<inaccessible>', state: 'unknown', nativeState: 'inaccessible' });
  expect(listing.unknown.get(row?.uid ?? '')).toEqual(expect.arrayContaining(['name', 'memory', 'identities']));
  expect(listing.detailErrors).toMatchObject([{ call: ACTIONS.describe, kind: 'bad-reply' }]);
  // As VirtualBox before 7.0 says it.
  const uuid = row?.nativeId ?? '';
  const stdout = `name="<inaccessible>"\nUUID="${uuid}"\n`;
  host.replies.set(`${ACTIONS.describe} ${uuid}`, vboxReply({ stdout, stderr: '', code: 0 }));
  expect(sorted(await listed(connection.list(vms, calm()), vms))[1]).toEqual(row);
});

it('fault 12: an answer that is cut in the middle makes its row unreadable, and the listing none that removes', async () => {
  const { connection, vms, host } = await virtualBoxHere([aVm(1), aVm(2)]);
  const uuid = aVm(2).uuid;
  for (const stdout of [
    `name="vm-2"\nUUID="${uuid}"\nVMState="running"\n`,
    `name="vm-2"\nUUID="${uuid}"\ndescr="cut`,
  ]) {
    host.replies.set(`${ACTIONS.describe} ${uuid}`, vboxReply({ stdout, stderr: '', code: 0 }));
    const listing = await listed(connection.list(vms, calm()), vms);
    expect(listing).toMatchObject({ complete: false, reason: { kind: 'unreadable' } });
    expect(sorted(listing).map(({ name }) => name)).toEqual(['vm-1']);
  }
});

it('fault 23: a VM that is removed while the list is read is gone, by the word of VirtualBox alone', async () => {
  const { connection, vms, host } = await virtualBoxHere([aVm(1), aVm(2)]);
  const uuid = aVm(2).uuid;
  const gone = (message: string) =>
    failing(
      `VBoxManage: error: ${message}\nVBoxManage: error: Details: code VBOX_E_OBJECT_NOT_FOUND (0x80bb0001), component VirtualBoxWrap`,
    );
  host.replies.set(`${ACTIONS.describe} ${uuid}`, gone(`Could not find a registered machine with UUID {${uuid}}`));
  const listing = await listed(connection.list(vms, calm()), vms);
  expect(listing.complete).toBe(true);
  expect(sorted(listing).map(({ name }) => name)).toEqual(['vm-1']);
  // The same code of something else: a disk, say.
  host.replies.set(`${ACTIONS.describe} ${uuid}`, gone('Could not find a registered medium'));
  expect(await listed(connection.list(vms, calm()), vms)).toMatchObject({ complete: false });
});

it('says that a locked VM cannot be read just now, and removes none', async () => {
  const { connection, vms, host } = await virtualBoxHere([aVm(1), aVm(2)]);
  host.replies.set(
    `${ACTIONS.describe} ${aVm(2).uuid}`,
    failing(
      'VBoxManage: error: The machine is already locked\nVBoxManage: error: Details: code VBOX_E_INVALID_OBJECT_STATE (0x80bb0007), component MachineWrap',
    ),
  );
  const listing = await listed(connection.list(vms, calm()), vms);
  expect(listing).toMatchObject({ complete: false, reason: { kind: 'unreadable' } });
  expect(sorted(listing).length).toBe(1);
});

it('says the same hardware UUID of two VMs, as of a folder that was copied: the links tell them apart', async () => {
  const hardwareuuid = 'AAAAAAAA-1111-4222-8333-444444444444';
  const { connection, vms } = await virtualBoxHere([aVm(1, { hardwareuuid }), aVm(2, { hardwareuuid })]);
  const rows = sorted(await listed(connection.list(vms, calm()), vms));
  expect(new Set(rows.map(({ uid }) => uid)).size).toBe(2);
  for (const { identities } of rows)
    expect(identities.filter(({ type }) => type === 'system-uuid').map(({ value }) => value)).toEqual([
      'aaaaaaaa-1111-4222-8333-444444444444',
      'aaaaaaaa-1111-2242-3383-444444444444'.replace('1111-2242-3383', '1111-2242-8333'),
    ]);
});

it('takes the address of VirtualBox’s own NAT, which every VM has, for no identity', async () => {
  const net = (mac: string, address: string) =>
    [
      ['/VirtualBox/GuestInfo/Net/0/MAC', mac],
      ['/VirtualBox/GuestInfo/Net/0/V4/IP', address],
    ] as const;
  const { connection, vms } = await virtualBoxHere([
    { ...aVm(1, { macaddress1: '080027AA0001', nic1: 'nat' }), properties: net('080027AA0001', '10.0.2.15') },
    { ...aVm(2, { macaddress1: '080027AA0002', nic1: 'bridged' }), properties: net('080027AA0002', '192.168.1.7') },
  ]);
  const rows = sorted(await listed(connection.list(vms, calm()), vms));
  expect(rows.map(({ addresses }) => addresses)).toEqual([['10.0.2.15'], ['192.168.1.7']]);
  const of = (at: number, type: string) =>
    rows[at]?.identities.filter((each) => each.type === type).map(({ value }) => value);
  expect([of(0, 'address'), of(1, 'address')]).toEqual([[], ['192.168.1.7']]);
  expect(of(0, 'mac')).toEqual(['08:00:27:aa:00:01']);
});

it('fault 113: has an address of the world on its own card, and says nothing of what is translated to it', async () => {
  const properties = [
    ['/VirtualBox/GuestInfo/Net/0/MAC', '080027AA0001'],
    ['/VirtualBox/GuestInfo/Net/0/V4/IP', '8.8.4.4'],
    ['/VirtualBox/GuestInfo/Net/0/V6/IP', '2001:4860:4860::8844'],
  ] as const;
  const row = { ...aVm(1, { macaddress1: '080027AA0001', nic1: 'bridged' }), properties };
  const { connection, vms } = await virtualBoxHere([row]);
  expect(sorted(await listed(connection.list(vms, calm()), vms))).toMatchObject([
    { addresses: ['8.8.4.4', '2001:4860:4860::8844'], mappedAddresses: null },
  ]);
});

it('tells since when it is in its state, how many snapshots it has, and of what it is made', async () => {
  const machine = {
    'SATA-0-0': '/vms/a.vdi',
    SnapshotUUID: 'a',
    'SnapshotUUID-1': 'b',
    'SnapshotUUID-1-1': 'c',
    teleporterpassword: 'secret',
  };
  const { connection, vms } = await virtualBoxHere([aVm(1, machine), aVm(2, { VMState: 'poweroff' })]);
  const [runs, off] = sorted(await listed(connection.list(vms, calm()), vms));
  expect(runs).toMatchObject({
    startedAt: '2026-11-21T08:00:00.000Z',
    image: '/vms/a.vdi',
    os: 'Debian (64-bit)',
    vcpus: 1,
    memory: 1024,
    raw: { snapshots: 3, stateSince: '2026-11-21T08:00:00.000Z' },
  });
  expect(off).toMatchObject({ startedAt: null, raw: { snapshots: 0, stateSince: '2026-11-21T08:00:00.000Z' } });
  expect(JSON.stringify(runs)).not.toContain('secret');
});

it('refuses a host that speaks another language, and lists its VMs all the same', async () => {
  const { connection, vms, machine, host } = await virtualBoxHere([aVm(1)]);
  const stdout = 'Host-Informationen:\n\nSpeichergröße: 24105 MByte\n';
  host.replies.set(ACTIONS.host, vboxReply({ stdout, stderr: '', code: 0 }));
  expect(await listed(connection.list(machine, calm()), machine)).toMatchObject({
    complete: false,
    reason: { kind: 'bad-reply', message: expect.stringContaining('in English') },
  });
  expect(await listed(connection.list(vms, calm()), vms)).toMatchObject({ complete: true });
});

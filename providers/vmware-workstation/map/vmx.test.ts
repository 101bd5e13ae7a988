import { expect, it } from 'vitest';
import { parseDictionary } from './dictionary.ts';
import { entriesIn } from './inventory.ts';
import { fromVmx } from './vmx.ts';

const read = (...lines: string[]) => parseDictionary(Buffer.from(lines.join('\n')));

it('reads a VM, its cards by what they have and not by what they had', () => {
  const vmx = read(
    'displayName = "web"',
    'guestOS = "debian12-64"',
    'memsize = "4096"',
    'numvcpus = "4"',
    'uuid.bios = "56 4d 9b ef ac d9 b4 e0-c8 f0 ae a8 b9 10 35 11"',
    'ethernet0.present = "TRUE"',
    'ethernet0.connectionType = "nat"',
    'ethernet0.generatedAddress = "00:0c:29:10:35:11"',
    'ethernet1.present = "TRUE"',
    'ethernet1.address = "00:50:56:00:00:01"',
    'ethernet1.generatedAddress = "00:0c:29:10:35:1b"',
    'ethernet1.vnet = "VMnet2"',
    'ethernet2.present = "FALSE"',
    'ethernet2.generatedAddress = "00:0c:29:10:35:25"',
    'checkpoint.vmState = ""',
  );
  expect(fromVmx(vmx)).toEqual({
    name: 'web',
    cpus: 4,
    memory: 4096,
    guestOs: 'debian12-64',
    uuidBios: '56 4d 9b ef ac d9 b4 e0-c8 f0 ae a8 b9 10 35 11',
    notes: null,
    nics: [
      { mac: '00:0c:29:10:35:11', type: 'nat', vmnet: null },
      { mac: '00:50:56:00:00:01', type: 'bridged', vmnet: 'VMnet2' },
    ],
    suspended: false,
    encrypted: false,
  });
});

it('has one CPU where it does not say, and none that is known where it is encrypted', () => {
  expect(fromVmx(read('memsize = "512"'))).toMatchObject({ cpus: 1, encrypted: false });
  const secret = read(
    'displayName = "vault"',
    'encryption.keySafe = "vmware:key/list/(pair)"',
    'encryption.data = "x"',
  );
  expect(fromVmx(secret)).toMatchObject({ name: 'vault', cpus: null, memory: null, encrypted: true });
});

it('is suspended where its memory is in a file', () =>
  expect(fromVmx(read('checkpoint.vmState = "web-5f1c.vmss"')).suspended).toBe(true));

it('finds the VMs of a library, of its folders and of what was removed none, and those that Player has used', () => {
  expect(
    entriesIn(
      read(
        'vmlist1.config = "/home/dev/vmware/web/web.vmx"',
        'vmlist1.DisplayName = "|22web|22"',
        'vmlist2.config = ""',
        'vmlist2.DisplayName = "a folder"',
        'vmlist3.config = "folder3"',
        'vmlist14.config = "C:\\VMs\\win\\win.VMX"',
        'index0.id = "/home/dev/vmware/web/web.vmx"',
        'pref.mruVM0.filename = "/home/dev/vmware/old/old.vmx"',
        'pref.mruVM0.displayName = "old"',
      ),
    ),
  ).toEqual([
    { path: '/home/dev/vmware/web/web.vmx', name: '"web"' },
    { path: 'C:\\VMs\\win\\win.VMX', name: null },
    { path: '/home/dev/vmware/old/old.vmx', name: 'old' },
  ]);
});

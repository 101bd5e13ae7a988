import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { findVirsh, NO_VIRSH } from '#scripts/machine/virsh.ts';
import {
  calm,
  listed,
  openWorkstation,
  scopesOf,
  scratch,
  writeLibrary,
  writeVmx,
} from '#tests/support/vmware/vmware.ts';

const virsh = findVirsh();

/** Stand-ins of the two programs that libvirt's driver runs; the driver and its reader of .vmx files are the real ones. */
function standIns(folder: string, running: readonly string[]): string {
  const bin = path.join(folder, 'bin');
  mkdirSync(bin);
  const list = [`Total running VMs: ${running.length}`, ...running].map((line) => `echo '${line}'`).join('\n');
  writeFileSync(path.join(bin, 'vmware'), '#!/bin/sh\necho "VMware Workstation 17.5.0 build-22583795"\n', {
    mode: 0o755,
  });
  writeFileSync(path.join(bin, 'vmrun'), `#!/bin/sh\n${list}\n`, { mode: 0o755 });
  for (const [at, file] of running.entries())
    writeFileSync(
      path.join(path.dirname(file), 'vmware.log'),
      `2026-11-30T12:00:00.000Z| vmx| I005: Log for VMware Workstation pid=${4_000_001 + at} version=17.5.0 build=build-22583795 option=Release\n`,
    );
  return bin;
}

const match = (xml: string, pattern: RegExp): string | null => pattern.exec(xml)?.[1] ?? null;

describe.skipIf(!virsh)(`libvirt's reader of .vmx files${virsh ? '' : ` (left out: ${NO_VIRSH})`}`, () => {
  it('reads the same of the same files', async () => {
    const folder = scratch();
    const text = (n: number, name: string, ...more: string[]) =>
      [
        '.encoding = "UTF-8"',
        'config.version = "8"',
        'virtualHW.version = "19"',
        `displayName = "${name}"`,
        'guestOS = "debian12-64"',
        `memsize = "${n * 1024}"`,
        `numvcpus = "${n}"`,
        `uuid.bios = "56 4d 9b ef ac d9 b4 e0-c8 f0 ae a8 b9 10 35 1${n}"`,
        'ethernet0.present = "TRUE"',
        'ethernet0.virtualDev = "e1000"',
        'ethernet0.connectionType = "nat"',
        'ethernet0.addressType = "generated"',
        `ethernet0.generatedAddress = "00:0C:29:10:35:1${n}"`,
        ...more,
        '',
      ].join('\n');
    const files = [
      writeVmx(folder, 'one', text(1, 'plain')),
      writeVmx(folder, 'two', text(2, '|22quoted|22 a|7cb').replace('memsize', 'MemSize')),
      writeVmx(
        folder,
        'four',
        text(4, 'база-данных', 'ethernet1.present = "FALSE"', 'ethernet1.generatedAddress = "00:0c:29:00:00:01"'),
      ),
    ];
    const bin = standIns(folder, files);
    const ask = (...args: string[]) =>
      execFileSync(virsh ?? '', ['-c', 'vmwarews:///session', ...args], {
        env: { PATH: `${bin}:${process.env.PATH}`, HOME: folder, LC_ALL: 'C.UTF-8' } as unknown as NodeJS.ProcessEnv,
        encoding: 'utf8',
      });
    const theirs = ask('list', '--all', '--name')
      .split('\n')
      .filter((name) => name !== '')
      .map((name) => {
        const xml = ask('dumpxml', name);
        return {
          name,
          uuid: match(xml, /<uuid>(.*)<\/uuid>/),
          memory: Number(match(xml, /<memory unit='KiB'>(\d+)</)) / 1024,
          vcpus: Number(match(xml, /<vcpu[^>]*>(\d+)</)),
          macs: [...xml.matchAll(/<mac address='([^']*)'/g)].map(([, mac]) => mac?.toLowerCase()),
        };
      });
    const connection = await openWorkstation({ vmrun: path.join(bin, 'vmrun'), inventory: writeLibrary(folder, []) });
    const { vms } = await scopesOf(connection);
    const listing = await listed(connection.list(vms, calm()), vms);
    const ours = [...listing.resources.values()].map(({ name, identities, memory, vcpus }) => ({
      name,
      uuid: identities.findLast(({ type }) => type === 'system-uuid')?.value,
      memory,
      vcpus,
      macs: identities.filter(({ type }) => type === 'mac').map(({ value }) => value),
    }));
    expect(theirs.length).toBe(3);
    const sorted = <T extends { memory: number | null }>(rows: T[]) =>
      rows.toSorted((a, b) => (a.memory ?? 0) - (b.memory ?? 0));
    expect(sorted(ours)).toEqual(sorted(theirs));
  });
});

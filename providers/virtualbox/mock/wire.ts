import type { Laptop, VirtualBoxVm } from '#lib/demo/index.ts';
import { ACTIONS, type Action } from '../policy.ts';

/** A VM as VBoxManage knows it. */
export interface VmRow {
  uuid: string;
  /** `key=value` of `showvminfo --machinereadable` in order, without quotes; null where VirtualBox cannot read its settings. */
  machine: readonly (readonly [key: string, value: string | number])[] | null;
  /** Names and values of guest properties; empty where its guest is not in memory. */
  properties: readonly (readonly [name: string, value: string])[];
}

/** What a VBoxManage printed, and how it ended. */
export interface Said {
  stdout: string;
  stderr: string;
  code: number;
}

const HEX = 16;
const snapshotId = (uuid: string, n: number): string => `${uuid.slice(0, -1)}${((n + 1) % HEX).toString(HEX)}`;

export function rowOf(vm: VirtualBoxVm): VmRow {
  const { uuid, laptop, name, state } = vm;
  if (state === 'inaccessible') return { uuid, machine: null, properties: [] };
  const folder = `/home/${laptop.user}/VirtualBox VMs/${uuid}`;
  const runs = state === 'running' || state === 'paused';
  return {
    uuid,
    machine: [
      ['name', name],
      ['encryption', 'disabled'],
      ['groups', vm.group],
      ['platformArchitecture', 'x86'],
      ['ostype', vm.osType],
      ['UUID', uuid],
      ['CfgFile', `${folder}/vm.vbox`],
      ['hardwareuuid', vm.hardwareUuid],
      ['memory', vm.memory],
      ['chipset', 'piix3'],
      ['firmware', 'BIOS'],
      ['cpus', vm.vcpus],
      ['VMState', state],
      ['VMStateChangeTime', `${new Date(vm.stateSince).toISOString().replace('Z', '')}000000`],
      ['teleporterpassword', vm.secret],
      ['SATA-0-0', `${folder}/disk.vdi`],
      ['macaddress1', vm.mac],
      ['nic1', vm.attachment],
      ['nic2', 'none'],
      ['vrde', 'on'],
      ['vrdeproperty[Security/Password]', vm.secret],
      ...(vm.description === '' ? [] : [['description', vm.description] as const]),
      ...Array.from({ length: vm.snapshots }, (_, n) => n).flatMap((n) => [
        [`SnapshotName${'-1'.repeat(n)}`, `state ${n}`] as const,
        [`SnapshotUUID${'-1'.repeat(n)}`, snapshotId(uuid, n)] as const,
      ]),
      ['GuestMemoryBalloon', 0],
    ],
    properties:
      runs && vm.address
        ? [
            ['/VirtualBox/GuestInfo/Net/0/V4/IP', vm.address],
            ['/VirtualBox/GuestInfo/Net/0/MAC', vm.mac],
            ['/VirtualBox/GuestInfo/Net/0/Status', 'Up'],
            ['/VirtualBox/GuestInfo/OS/LoggedInUsersList', vm.secret],
          ]
        : [],
  };
}

const WARNING = `WARNING: The character device /dev/vboxdrv does not exist.
\t Please install the virtualbox-dkms package and the appropriate
\t headers, most likely linux-headers-amd64.

\t You will not be able to start VMs until this problem is fixed.
`;

const ONLINE = new Set(['running', 'paused', 'teleporting', 'livesnapshotting', 'teleportingpausedvm']);

const fieldOf = (row: VmRow, key: string): string | null => {
  const value = row.machine?.find(([name]) => name === key)?.[1];
  return value === undefined ? null : String(value);
};

const compact = (row: VmRow): string =>
  `"${row.machine ? (fieldOf(row, 'name') ?? '') : '<inaccessible>'}" {${row.uuid}}\n`;

const escaped = (text: string): string => text.replace(/["\\]/g, '\\$&');

function machineReadable(row: VmRow): string {
  return (row.machine ?? [])
    .map(([key, value]) => {
      const shown = /^[\w[\]/-]+$/.test(key) && !/-\d+-\d+$/.test(key) ? key : `"${key}"`;
      return `${shown}=${typeof value === 'number' ? value : `"${escaped(value)}"`}\n`;
    })
    .join('');
}

function errorOf(message: string, name: string, code: string): Said {
  const stderr = `VBoxManage: error: ${message}\nVBoxManage: error: Details: code ${name} (${code}), component VirtualBoxWrap, interface IVirtualBox, callee nsISupports\n`;
  return { stdout: '', stderr, code: 1 };
}

/** What VBoxManage of VirtualBox 7.2 says on a machine, which has no kernel module where `warns`. */
export function answer(
  action: Action,
  uuid: string | null,
  laptop: Pick<Laptop, 'cpus' | 'memory'>,
  rows: readonly VmRow[],
  warns = false,
): Said {
  const said = respond(action, uuid, laptop, rows);
  return warns ? { ...said, stdout: WARNING + said.stdout } : said;
}

function respond(
  action: Action,
  uuid: string | null,
  laptop: Pick<Laptop, 'cpus' | 'memory'>,
  rows: readonly VmRow[],
): Said {
  const ok = (stdout: string): Said => ({ stdout, stderr: '', code: 0 });
  if (action === ACTIONS.vms) return ok(rows.map(compact).join(''));
  if (action === ACTIONS.running)
    return ok(
      rows
        .filter((row) => ONLINE.has(fieldOf(row, 'VMState') ?? ''))
        .map(compact)
        .join(''),
    );
  if (action === ACTIONS.properties) return ok('API version:                     7_2\n');
  if (action === ACTIONS.host) return ok(hostInfo(laptop));
  const row = rows.find((each) => each.uuid === uuid);
  if (!row)
    return errorOf(`Could not find a registered machine with UUID {${uuid}}`, 'VBOX_E_OBJECT_NOT_FOUND', '0x80bb0001');
  if (row.machine === null) return errorOf('The object functionality is limited', 'E_ACCESSDENIED', '0x80070005');
  if (action === ACTIONS.describe) return ok(machineReadable(row));
  return ok(
    row.properties.map(([name, value]) => `${name} = '${value}' @ 2026-11-21T08:00:00.000Z TRANSIENT\n`).join(''),
  );
}

const hostInfo = ({ cpus, memory }: Pick<Laptop, 'cpus' | 'memory'>): string =>
  [
    'Host Information:',
    '',
    'Host time: 2026-11-21T09:00:00.000000000Z',
    `Processor online count: ${cpus}`,
    `Processor count: ${cpus}`,
    'Processor#0 description: 13th Gen Intel(R) Core(TM) i7-1370P',
    `Memory size: ${memory} MByte`,
    `Memory available: ${Math.floor(memory / 2)} MByte`,
    'Operating system: Linux',
    'Operating system version: 6.12.48-amd64',
    '',
  ].join('\n');

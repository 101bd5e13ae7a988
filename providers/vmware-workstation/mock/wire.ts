import type { DeskVm } from '#lib/demo/index.ts';

/** A VM as vmrest has it: what each of its calls would say. Numbers of addresses have their network's length behind them. */
export interface VmRow {
  id?: string;
  path: string;
  power: string;
  processors: number;
  /** MiB. */
  memory: number;
  nics: readonly { mac: string; type: string; vmnet: string; ip: readonly string[] }[];
  /** By key of the .vmx. */
  params: Readonly<Record<string, string>>;
}

export function rowOf(vm: DeskVm): VmRow {
  return {
    id: vm.id,
    path: vm.path,
    power: vm.state,
    processors: vm.vcpus,
    memory: vm.memory,
    nics: vm.nics.map(({ mac, type, vmnet, address }) => ({
      mac,
      type,
      vmnet,
      ip: address === null ? [] : [`${address}/24`, `fe80::20c:29ff:fe${mac.slice(-5).replace(':', '')}/64`],
    })),
    params: {
      displayName: vm.name,
      'uuid.bios': vm.uuidBios,
      guestOS: vm.guestOs,
      annotation: [`made by hand, console password ${vm.secret}`, ...vm.tags.map((tag) => tag.join('='))].join('\n'),
    },
  };
}

/** `GET /vms` */
export const listAnswer = (rows: readonly VmRow[]): object[] => rows.map(({ id, path }) => ({ id, path }));
/** `GET /vms/{id}/power` */
export const powerAnswer = ({ power }: VmRow): object => ({ power_state: power });
/** `GET /vms/{id}` */
export const settingsAnswer = ({ id, processors, memory }: VmRow): object => ({ id, cpu: { processors }, memory });
/** `GET /vms/{id}/nic` */
export const nicsAnswer = ({ nics }: VmRow): object => ({
  num: nics.length,
  nics: nics.map(({ mac, type, vmnet }, at) => ({ index: at + 1, type, vmnet, macAddress: mac.toUpperCase() })),
});
/** `GET /vms/{id}/nicips` of one that runs. */
export const addressesAnswer = ({ nics }: VmRow): object => ({ nics: nics.map(({ mac, ip }) => ({ mac, ip })) });
/** `GET /vms/{id}/params/{name}` */
export const paramAnswer = ({ params }: VmRow, name: string): object => ({
  name,
  value: Object.hasOwn(params, name) ? params[name] : '',
});
/** `GET /vmnet` */
export const networksAnswer = (): object => ({
  num: 3,
  vmnets: [
    { name: 'vmnet0', type: 'bridged', dhcp: 'false', subnet: '', mask: '' },
    { name: 'vmnet1', type: 'hostOnly', dhcp: 'true', subnet: '172.16.31.0', mask: '255.255.255.0' },
    { name: 'vmnet8', type: 'nat', dhcp: 'true', subnet: '192.168.72.0', mask: '255.255.255.0' },
  ],
});

import { type Account, hex, type Machine, SIZES, uuid } from '#lib/demo/index.ts';
import type { State } from '#lib/model/index.ts';
import { imageOf, osTypeOf, profilesOf } from './wire-profiles.ts';

/** The parts of Azure Resource Manager's wire format that the adapter reads, filled from the fleet. */
type Json = { [key: string]: unknown };

const STATUSES: Readonly<Record<State, readonly string[]>> = {
  running: ['ProvisioningState/succeeded', 'PowerState/running'],
  starting: ['ProvisioningState/updating', 'PowerState/starting'],
  stopping: ['ProvisioningState/updating', 'PowerState/deallocating'],
  stopped: ['ProvisioningState/succeeded', 'PowerState/deallocated'],
  suspended: ['ProvisioningState/succeeded', 'PowerState/deallocated', 'HibernationState/Hibernated'],
  failed: ['ProvisioningState/failed/AllocationFailed'],
  terminated: [],
  unknown: ['ProvisioningState/succeeded', 'PowerState/unknown'],
};

/** The tenant that owns every subscription of the fleet. */
export const tenantOf = (seed: number): string => uuid([seed, 0x7e4a]);

export const subscriptionRow = (account: Account, tenant: string): Json => ({
  id: `/subscriptions/${account.id}`,
  subscriptionId: account.id,
  tenantId: tenant,
  displayName: account.name,
  state: 'Enabled',
  managedByTenants: [],
});

const isUniform = (machine: Machine): boolean => machine.group?.mode === 'uniform';

/** A machine that ARM no longer lists. */
export const isGone = (machine: Machine): boolean => machine.state === 'terminated';

/** True where it is listed among virtual machines; instances of Uniform sets are not. */
export const isListedAlone = (machine: Machine): boolean => !isGone(machine) && !isUniform(machine);
export const isInUniformSet = (machine: Machine): boolean => !isGone(machine) && isUniform(machine);

/** A virtual machine with its instance view, which the model list leaves out and the status list reduces it to. */
export function virtualMachineRow(machine: Machine): Json {
  return {
    id: machine.nativeId,
    name: machine.name,
    type: 'Microsoft.Compute/virtualMachines',
    location: machine.place.region,
    zones: [machine.zone],
    tags: tagsOf(machine),
    properties: {
      vmId: machine.systemUuid,
      hardwareProfile: { vmSize: machine.size.type },
      ...profilesOf(machine),
      provisioningState: machine.state === 'failed' ? 'Failed' : 'Succeeded',
      timeCreated: new Date(machine.createdAt).toISOString(),
      networkProfile: { networkInterfaces: [{ id: interfaceId(machine) }] },
      priority: machine.spot ? 'Spot' : 'Regular',
      ...(machine.group ? { virtualMachineScaleSet: { id: scaleSetId(machine) } } : {}),
      ...(machine.isolation === 'dedicated'
        ? { hostGroup: { id: `${groupPath(machine)}/providers/Microsoft.Compute/hostGroups/hosts` } }
        : {}),
      instanceView: instanceViewOf(machine),
    },
  };
}

/** AKS marks the machines of its nodes. */
const tagsOf = ({ tags, node }: Machine): Json => ({
  ...Object.fromEntries(tags),
  ...(node ? { 'aks-managed-cluster-name': node.cluster.name, 'aks-managed-poolName': node.pool.name } : {}),
});

/** The row as `listAll` sends it. */
export const modelOnly = (row: Json): Json => without(row, ['instanceView']);

/** The row as `listAll?statusOnly=true` sends it. */
export function statusOnly(row: Json): Json {
  const { vmId, instanceView, provisioningState } = (row.properties ?? {}) as Json;
  return {
    id: row.id,
    name: row.name,
    type: row.type,
    location: row.location,
    properties: { vmId, provisioningState, instanceView },
  };
}

/** An instance of a Uniform scale set, listed with `$expand=instanceView`. */
export function scaleSetVmRow(machine: Machine): Json {
  const base = virtualMachineRow(machine);
  return {
    ...without(base, ['virtualMachineScaleSet', 'priority']),
    type: 'Microsoft.Compute/virtualMachineScaleSets/virtualMachines',
    instanceId: String(machine.group?.ordinal ?? 0),
    sku: { name: machine.size.type, tier: 'Standard' },
  };
}

/** The scale set that a machine is a member of. */
export function scaleSetRow(machine: Machine): Json {
  return {
    id: scaleSetId(machine),
    name: machine.group?.name,
    type: 'Microsoft.Compute/virtualMachineScaleSets',
    location: machine.place.region,
    sku: { name: machine.size.type, tier: 'Standard', capacity: 1 },
    properties: {
      orchestrationMode: machine.group?.mode === 'flexible' ? 'Flexible' : 'Uniform',
      provisioningState: 'Succeeded',
      virtualMachineProfile: {
        priority: machine.spot ? 'Spot' : 'Regular',
        storageProfile: { imageReference: imageOf(machine), osDisk: { osType: osTypeOf(machine) } },
      },
    },
  };
}

export function interfaceRow(machine: Machine): Json {
  const outer = machine.publicAddress ? { publicIPAddress: { id: publicAddressId(machine) } } : {};
  const config = (name: string, address: string, version: string, more: Json) => ({
    name,
    properties: { privateIPAddress: address, privateIPAddressVersion: version, ...more },
  });
  return {
    id: interfaceId(machine),
    name: `${machine.name}-nic`,
    location: machine.place.region,
    properties: {
      macAddress: machine.mac.toUpperCase().replaceAll(':', '-'),
      primary: true,
      virtualMachine: { id: machine.nativeId },
      ipConfigurations: [
        config('ipconfig1', machine.privateAddress, 'IPv4', outer),
        ...(machine.ipv6 ? [config('ipconfig2', machine.ipv6, 'IPv6', {})] : []),
      ],
    },
  };
}

export const publicAddressRow = (machine: Machine): Json => ({
  id: publicAddressId(machine),
  name: `${machine.name}-ip`,
  location: machine.place.region,
  properties: { ipAddress: machine.publicAddress, publicIPAllocationMethod: 'Static' },
});

/** Resource SKUs of a location: sizes among disks, as Azure mixes them. */
export const skuRows = (location: string): Json[] => [
  { resourceType: 'disks', name: 'Premium_LRS', locations: [location], capabilities: [] },
  ...SIZES.azure.map((size) => ({
    resourceType: 'virtualMachines',
    name: size.type,
    locations: [location],
    capabilities: [
      { name: 'vCPUs', value: String(size.vcpus) },
      { name: 'MemoryGB', value: String(size.memory / 1024) },
    ],
  })),
];

const groupPath = (machine: Machine): string => machine.nativeId.split('/').slice(0, 5).join('/');

/** In the spelling of the member's own id. */
export function scaleSetId(machine: Machine): string {
  return `${groupPath(machine)}/providers/Microsoft.Compute/virtualMachineScaleSets/${machine.group?.name}`;
}

const interfaceId = (machine: Machine): string =>
  isUniform(machine)
    ? `${machine.nativeId}/networkInterfaces/nic`
    : `${groupPath(machine)}/providers/Microsoft.Network/networkInterfaces/${machine.name}-nic`;

const publicAddressId = (machine: Machine): string =>
  isUniform(machine)
    ? `${interfaceId(machine)}/ipConfigurations/ipconfig1/publicIPAddresses/${machine.name}-ip`
    : `${groupPath(machine)}/providers/Microsoft.Network/publicIPAddresses/${machine.name}-ip`;

function instanceViewOf(machine: Machine): Json {
  const off = machine.state === 'stopped' && hex(1, [...machine.key, 21]) < '3';
  const codes = off ? ['ProvisioningState/succeeded', 'PowerState/stopped'] : STATUSES[machine.state];
  const time = new Date(machine.stateSince).toISOString();
  return { statuses: codes.map((code) => ({ code, level: 'Info', displayStatus: code.split('/').at(-1), time })) };
}

function without(row: Json, keys: readonly string[]): Json {
  const properties = { ...((row.properties ?? {}) as Json) };
  for (const key of keys) delete properties[key];
  return { ...row, properties };
}

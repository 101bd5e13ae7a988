import { describe, expect, it } from 'vitest';
import { exposedOf } from '#lib/language/grammar/reach.ts';
import { type DetailError, resourceSchema, type Scope } from '#lib/model/index.ts';
import { mapRows } from '../kit/rows.ts';
import { idOf, type Place, subscriptionOf, toResource } from './map.ts';
import { type AddressBook, enterInterfaces, enterPublicAddresses, publicAddressesOf } from './network.ts';
import { sizesOf } from './skus.ts';

const SUB = '11111111-2222-3333-4444-555555555555';
const GROUP = `/subscriptions/${SUB}/resourceGroups/RG-Shop`;
const ID = `${GROUP}/providers/Microsoft.Compute/virtualMachines/Cart-1`;
const NET = `${GROUP}/providers/Microsoft.Network`;
const scope: Scope = {
  id: `a/${SUB}/*/virtual-machines`,
  provider: 'azure',
  source: 'a',
  account: SUB,
  region: null,
  part: 'virtual-machines',
  kind: 'vm',
  label: SUB,
};
const place: Place = {
  scope,
  tenant: 'aaaaaaaa-0000-0000-0000-000000000000',
  portal: 'portal.azure.com',
  size: (type) => (type === 'standard_d4s_v5' ? { vcpus: 4, memory: 16384 } : null),
  addresses: { book: null, inner: null, outer: null },
  views: new Map([['0a1b2c3d-0000-4000-8000-00000000abcd', { statuses: [{ code: 'PowerState/running' }] }]]),
  set: null,
};
const inner = {
  vmId: '0A1B2C3D-0000-4000-8000-00000000ABCD',
  hardwareProfile: { vmSize: 'Standard_D4s_v5' },
  storageProfile: {
    imageReference: {
      publisher: 'Canonical',
      offer: 'ubuntu',
      sku: '24_04',
      version: 'latest',
      exactVersion: '24.04.1',
    },
    osDisk: { osType: 'Linux' },
  },
  osProfile: { computerName: 'cart-1-host', customData: 'hunter2', adminPassword: 'hunter2' },
  userData: 'hunter2',
  provisioningState: 'Succeeded',
  timeCreated: '2026-07-08T14:53:07.645Z',
  priority: 'Spot',
};
const outer = { id: ID, name: 'Cart-1', location: 'westeurope', zones: ['2'], tags: { team: 'cart' } };
const vm = { ...outer, properties: inner };

describe('toResource', () => {
  it('maps a machine to the model', () => {
    const mapped = toResource(vm, place);
    expect(resourceSchema.parse(mapped)).toBeTruthy();
    expect(mapped).toMatchObject({
      uid: `${ID.toLowerCase()}@0a1b2c3d-0000-4000-8000-00000000abcd`,
      nativeId: ID,
      name: 'Cart-1',
      state: 'running',
      type: 'Standard_D4s_v5',
      vcpus: 4,
      memory: 16384,
      region: 'westeurope',
      zone: 'westeurope-2',
      account: SUB,
      image: 'Canonical:ubuntu:24_04:24.04.1',
      os: 'Linux',
      createdAt: '2026-07-08T14:53:07.645Z',
      lifecycle: 'spot',
      consoleUrl: `https://portal.azure.com/#@${place.tenant}/resource${ID}`,
    });
  });

  it('reads what the SDK lays flat like what ARM nests', () => {
    const flat = { ...outer, ...inner, timeCreated: new Date(inner.timeCreated) };
    expect(toResource(flat, place)).toEqual(toResource(vm, place));
  });

  it('names the firmware’s UUID in both byte orders', () => {
    const uuids = toResource(vm, place).identities.filter((i) => i.type === 'system-uuid');
    expect(uuids.map((i) => i.value)).toEqual([
      '0a1b2c3d-0000-4000-8000-00000000abcd',
      '3d2c1b0a-0000-0040-8000-00000000abcd',
    ]);
  });

  it('fault 81: keeps no password, custom data or user data', () => {
    expect(JSON.stringify(toResource(vm, place))).not.toContain('hunter2');
  });

  it('reads an instance of a Uniform scale set, with what only its set says', () => {
    const id = `${GROUP}/providers/Microsoft.Compute/virtualMachineScaleSets/web/virtualMachines/3`;
    const row = {
      id,
      name: 'web_3',
      instanceId: '3',
      location: 'westeurope',
      sku: { name: 'Standard_D4s_v5' },
      properties: { instanceView: { statuses: [{ code: 'PowerState/stopped' }] } },
    };
    const set = { virtualMachineProfile: { priority: 'Spot', storageProfile: { osDisk: { osType: 'Windows' } } } };
    expect(toResource(row, { ...place, views: null, set })).toMatchObject({
      uid: id.toLowerCase(),
      state: 'stopped',
      nativeState: 'PowerState/stopped',
      vcpus: 4,
      lifecycle: 'spot',
      os: 'Windows',
    });
  });

  it('fault 26: shows an unknown size, priority and security type instead of failing', () => {
    const properties = {
      ...inner,
      hardwareProfile: { vmSize: 'X' },
      priority: 'New',
      securityProfile: { securityType: 'Q' },
    };
    expect(toResource({ ...outer, properties }, place)).toMatchObject({
      type: 'X',
      vcpus: null,
      lifecycle: null,
      isolation: null,
    });
  });

  it('counts a row without an ARM id as unreadable and keeps the others', () => {
    const batch = mapRows([{ ...vm, id: undefined }, { ...vm, id: 'x' }, null, vm], idOf, (row) =>
      toResource(row, place),
    );
    expect(batch.resources).toHaveLength(1);
    expect(batch.unreadable.map((u) => u.reason)).toEqual([
      'id: expected an ARM id',
      'id: expected an ARM id',
      'virtualMachine: expected an object',
    ]);
  });

  it('lets the machine’s own vmSizeProperties override its size', () => {
    const hardwareProfile = { vmSize: 'Standard_D4s_v5', vmSizeProperties: { vCPUsAvailable: 2 } };
    expect(toResource({ ...outer, properties: { ...inner, hardwareProfile } }, place).vcpus).toBe(2);
  });

  it('reads the subscription out of an id, whatever its case', () => {
    expect(subscriptionOf({ id: ID.toUpperCase() })).toBe(SUB);
    expect(subscriptionOf({})).toBeNull();
  });
});

describe('addresses', () => {
  const nic = {
    id: `${NET}/networkInterfaces/nic`,
    properties: {
      macAddress: '00-0D-3A-11-22-33',
      virtualMachine: { id: ID.toUpperCase() },
      ipConfigurations: [
        { properties: { privateIPAddress: '10.0.0.5', publicIPAddress: { id: `${NET}/PUBLICIPADDRESSES/ip` } } },
        { properties: { privateIPAddress: 'fd00::5', publicIPAddress: { id: `${NET}/publicIPAddresses/unattached` } } },
      ],
    },
  };
  const addresses = [
    { id: `${NET}/publicIPAddresses/IP`, properties: { ipAddress: '20.1.2.3' } },
    { id: `${NET}/publicIPAddresses/unattached`, properties: {} },
  ];

  it('joins interfaces and public addresses to their machine, whatever the case of the ids', () => {
    const book: AddressBook = new Map();
    enterInterfaces(book, [nic, { id: 'free', properties: {} }, null]);
    enterPublicAddresses(book, new Map(publicAddressesOf(addresses)), false);
    expect([...book.keys()]).toEqual([ID.toLowerCase()]);
    const mapped = toResource(vm, { ...place, addresses: { book, inner: null, outer: null } });
    expect(mapped.addresses).toEqual(['10.0.0.5', 'fd00::5']);
    expect(mapped.mappedAddresses).toEqual(['20.1.2.3']);
    expect(mapped.identities).toContainEqual({ type: 'mac', value: '00:0d:3a:11:22:33' });
    expect(exposedOf(mapped)).toBe(true);
  });

  it('fault 113: does not call a machine unexposed whose public address may not be looked up', () => {
    const failed: DetailError = {
      call: 'list',
      fields: [],
      kind: 'network',
      message: 'answers 500',
      since: '2026-11-21T09:00:00.000Z',
    };
    expect(exposedOf(toResource(vm, { ...place, addresses: { book: null, inner: failed, outer: null } }))).toBeNull();
    const book: AddressBook = new Map();
    enterInterfaces(book, [nic]);
    enterPublicAddresses(book, null, true);
    const mapped = toResource(vm, { ...place, addresses: { book, inner: null, outer: failed } });
    expect([mapped.addresses, mapped.mappedAddresses, exposedOf(mapped)]).toEqual([
      ['10.0.0.5', 'fd00::5'],
      null,
      null,
    ]);
    expect(exposedOf(toResource(vm, { ...place, addresses: { book: new Map(), inner: null, outer: null } }))).toBe(
      false,
    );
  });
});

describe('sizesOf', () => {
  const sku = (name: string, capabilities: Record<string, string>, resourceType = 'virtualMachines') => ({
    name,
    resourceType,
    capabilities: Object.entries(capabilities).map(([key, value]) => ({ name: key, value })),
  });

  it('takes the vCPUs that a constrained size leaves, memory in MiB, and no disks', () => {
    const rows = [
      sku('Standard_E8-4s_v5', { vCPUs: '8', vCPUsAvailable: '4', MemoryGB: '64' }),
      sku('Standard_B1ls', { vCPUs: '1', MemoryGB: '0.5' }),
      sku('Odd', { vCPUs: 'many' }),
      sku('Premium_LRS', {}, 'disks'),
    ];
    expect(sizesOf(rows)).toEqual([
      ['standard_e8-4s_v5', { vcpus: 4, memory: 65536 }],
      ['standard_b1ls', { vcpus: 1, memory: 512 }],
      ['odd', { vcpus: null, memory: null }],
    ]);
  });
});

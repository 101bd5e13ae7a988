import { describe, expect, it } from 'vitest';
import { resourceSchema, type Scope } from '#lib/model/index.ts';
import { mapRows } from '../kit/rows.ts';
import { idOf, type Place, type Row, stateOf, toResource } from './map.ts';
import { customSize } from './sizes.ts';

const scope: Scope = {
  id: 'g/shop-prod/*/instances',
  provider: 'gcp',
  source: 'g',
  account: 'shop-prod',
  region: null,
  part: 'instances',
  kind: 'vm',
  label: 'shop-prod',
};
const place: Place = {
  scope,
  console: 'console.cloud.google.com',
  size: (type) => (type === 'n2-standard-4' ? { vcpus: 4, memory: 16384 } : null),
};
const base = 'https://www.googleapis.com/compute/v1/projects/shop-prod';
const instance = {
  id: '8759471929923434140',
  name: 'cart-1',
  status: 'RUNNING',
  zone: `${base}/zones/europe-west1-b`,
  selfLink: `${base}/zones/europe-west1-b/instances/cart-1`,
  machineType: `${base}/zones/europe-west1-b/machineTypes/n2-standard-4`,
  creationTimestamp: '2026-07-08T07:53:07.645-07:00',
  lastStartTimestamp: '2026-08-01T00:00:00.000Z',
  labels: { team: 'cart', 'goog-k8s-cluster-name': 'prod-1' },
  scheduling: { provisioningModel: 'SPOT', preemptible: true },
  networkInterfaces: [
    {
      networkIP: '10.0.0.5',
      ipv6Address: 'fd20::5',
      ipv6AccessType: 'INTERNAL',
      accessConfigs: [{ natIP: '34.1.2.3' }, { name: 'no address' }],
      ipv6AccessConfigs: [{ externalIpv6: '2600:1901::1' }],
    },
  ],
  disks: [
    { boot: false, licenses: ['x/other'] },
    { boot: true, licenses: [`${base}/global/licenses/ubuntu-2404-lts`] },
  ],
  metadata: { items: [{ key: 'startup-script', value: 'export TOKEN=hunter2' }] },
};
const row = (change: Record<string, unknown> = {}): Row => ({
  key: 'zones/europe-west1-b',
  instance: { ...instance, ...change },
});

describe('toResource', () => {
  it('maps an instance to the model', () => {
    const vm = toResource(row(), place);
    expect(resourceSchema.parse(vm)).toBeTruthy();
    expect(vm).toMatchObject({
      uid: '//compute.googleapis.com/projects/shop-prod/zones/europe-west1-b/instances/8759471929923434140',
      nativeId: '8759471929923434140',
      state: 'running',
      type: 'n2-standard-4',
      vcpus: 4,
      memory: 16384,
      region: 'europe-west1',
      zone: 'europe-west1-b',
      account: 'shop-prod',
      cluster: 'prod-1',
      os: 'ubuntu-2404-lts',
      addresses: ['10.0.0.5', 'fd20::5', '2600:1901::1'],
      mappedAddresses: ['34.1.2.3'],
      createdAt: '2026-07-08T14:53:07.645Z',
      lifecycle: 'spot',
      consoleUrl:
        'https://console.cloud.google.com/compute/instancesDetail/zones/europe-west1-b/instances/cart-1?project=shop-prod',
    });
    expect(vm.identities).toContainEqual({ type: 'provider-id', value: 'shop-prod/europe-west1-b/cart-1' });
  });

  it('fault 81: keeps no metadata, where secrets stand', () => {
    expect(JSON.stringify(toResource(row(), place))).not.toContain('hunter2');
  });

  it('fault 26: shows an unknown status, type and provisioning model instead of failing', () => {
    const vm = toResource(
      row({
        status: 'LEVITATING',
        machineType: `${base}/zones/z/machineTypes/q9-odd`,
        scheduling: { provisioningModel: 'NEW' },
      }),
      place,
    );
    expect(vm).toMatchObject({
      state: 'unknown',
      nativeState: 'LEVITATING',
      type: 'q9-odd',
      vcpus: null,
      lifecycle: null,
    });
  });

  it('of a project of a domain has the name that its DNS gives it', () => {
    const shop = { ...scope, account: 'example.com:shop' };
    const vm = toResource(row(), { ...place, scope: shop });
    expect(vm.uid).toContain('projects/example.com:shop/zones/');
    expect(vm.aliases[0]).toMatch(/\.c\.shop\.example\.com\.internal$/);
    expect(vm.consoleUrl).toMatch(/\?project=example\.com%3Ashop$/);
  });

  it('counts a row without a usable id as unreadable and keeps the others', () => {
    const broken = [row({ id: undefined }), row({ id: 875947192 }), { key: 'zones/a-b-c', instance: null }];
    const batch = mapRows([...broken, row()], idOf, (r) => toResource(r, place));
    expect(batch.resources).toHaveLength(1);
    expect(batch.unreadable.map((u) => u.reason)).toEqual([
      'id: expected a number as text',
      'id: expected a number as text',
      'instance: expected an object',
    ]);
  });

  it.each([
    [{ confidentialInstanceConfig: { confidentialInstanceType: 'SEV_SNP' } }, 'sev-snp'],
    [{ confidentialInstanceConfig: { enableConfidentialCompute: true } }, 'sev'],
    [{ scheduling: { nodeAffinities: [{ key: 'compute.googleapis.com/node-group-name' }] } }, 'dedicated'],
    [{ shieldedInstanceConfig: { enableSecureBoot: true } }, 'shielded'],
    [{ shieldedInstanceConfig: { enableSecureBoot: false } }, null],
  ])('reads the isolation of %j as %s', (change, isolation) => {
    expect(toResource(row(change), place).isolation).toBe(isolation);
  });

  it('fault 78: keeps labels with the names of object members as data', () => {
    const labels = JSON.parse('{"__proto__":"a","constructor":"b","then":"c"}');
    const { tags } = toResource(row({ labels }), place);
    expect(Object.entries(tags)).toEqual([
      ['__proto__', 'a'],
      ['constructor', 'b'],
      ['then', 'c'],
    ]);
    expect(Object.getPrototypeOf({})).toBe(Object.prototype);
  });
});

describe('stateOf', () => {
  it.each([
    ['PENDING', 'starting'],
    ['PROVISIONING', 'starting'],
    ['STAGING', 'starting'],
    ['RUNNING', 'running'],
    ['PENDING_STOP', 'stopping'],
    ['STOPPING', 'stopping'],
    ['DEPROVISIONING', 'stopping'],
    ['SUSPENDING', 'stopping'],
    ['SUSPENDED', 'suspended'],
    ['TERMINATED', 'stopped'],
    ['STOPPED', 'stopped'],
    ['REPAIRING', 'failed'],
    ['UNDEFINED_STATUS', 'unknown'],
    [null, 'unknown'],
  ] as const)('reads %s as %s', (native, state) => {
    expect(stateOf(native)).toBe(state);
  });
});

describe('customSize', () => {
  it.each([
    ['custom-4-5120', { vcpus: 4, memory: 5120 }],
    ['n2-custom-8-65536-ext', { vcpus: 8, memory: 65536 }],
    ['n2d-custom-2-2048', { vcpus: 2, memory: 2048 }],
    ['e2-custom-small-2048', { vcpus: 2, memory: 2048 }],
    ['n2-standard-4', null],
    ['custom-x-1', null],
  ])('reads %s', (type, size) => {
    expect(customSize(type)).toEqual(size);
  });
});

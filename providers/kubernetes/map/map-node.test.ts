import { describe, expect, it } from 'vitest';
import { exposedOf } from '#lib/language/grammar/reach.ts';
import { createPlace } from '../clusters/place.ts';
import { mapNode } from './map-node.ts';
import { providerIdentities } from './provider-id.ts';
import type { RawNode } from './raw.ts';

const place = createPlace({ source: 's', scope: 's/c/*/pods', cluster: 'c', clusterName: 'prod' });
describe('mapNode', () => {
  const node = (fields: { metadata?: object; spec?: object; status?: object } = {}): RawNode =>
    ({
      metadata: { name: 'node-1', uid: 'n-1', ...fields.metadata },
      spec: fields.spec ?? {},
      status: { conditions: [{ type: 'Ready', status: 'True' }], ...fields.status },
    }) as RawNode;

  it.each([
    ['True', false, 'running', 'Ready', null],
    ['True', true, 'running', 'Ready,SchedulingDisabled', 'SchedulingDisabled'],
    ['False', false, 'failed', 'NotReady', 'Because'],
    ['False', true, 'failed', 'NotReady,SchedulingDisabled', 'Because'],
    ['Unknown', false, 'unknown', 'Unknown', 'Because'],
    ['Perhaps', false, 'unknown', 'Unknown', 'Because'],
  ])('Ready %s, cordoned %s is %s', (status, unschedulable, state, nativeState, stateReason) => {
    const conditions = [
      { type: 'MemoryPressure', status: 'False' },
      { type: 'Ready', status, reason: 'Because' },
    ];
    expect(mapNode(node({ spec: { unschedulable }, status: { conditions } }), place)).toMatchObject({
      state,
      nativeState,
      stateReason,
    });
  });

  it.each([
    ['True', false, true, null],
    ['True', true, true, null],
    ['False', false, false, 'KubeletNotReady'],
    ['Unknown', false, false, 'KubeletNotReady'],
  ])('fault 107: Ready %s, cordoned %s is ready: %s', (status, unschedulable, ready, readyReason) => {
    const conditions = [{ type: 'Ready', status, reason: 'KubeletNotReady' }];
    const row = mapNode(node({ spec: { unschedulable }, status: { conditions } }), place);
    expect(row).toMatchObject({ ready, readyReason });
    expect(mapNode(node({ status: { conditions: [] } }), place)).toMatchObject({ ready: null, readyReason: null });
  });

  it('is unknown without conditions and stopping while it is deleted', () => {
    expect(mapNode(node({ status: { conditions: null } }), place).state).toBe('unknown');
    expect(mapNode(node({ metadata: { deletionTimestamp: '2026-11-21T09:00:00Z' } }), place).state).toBe('stopping');
  });

  it('has its identities in the words of the clouds', () => {
    const row = mapNode(
      node({
        spec: { providerID: 'gce://my-project/europe-west1-b/vm-1' },
        metadata: { annotations: { 'container.googleapis.com/instance_id': '4711' } },
        status: {
          addresses: [
            { type: 'InternalIP', address: '10.0.0.5' },
            { type: 'ExternalIP', address: '34.1.2.3' },
            { type: 'Hostname', address: 'VM-1' },
            { type: 'InternalDNS', address: 'vm-1.c.internal' },
          ],
          nodeInfo: {
            systemUUID: '4C4C4544-0042-3510-8052-B4C04F4D3132',
            machineID: '0123456789abcdef0123456789abcdef',
          },
        },
      }),
      place,
    );
    expect(row.identities).toEqual([
      { type: 'node', value: 'c/node-1' },
      { type: 'provider-id', value: 'my-project/europe-west1-b/vm-1' },
      { type: 'instance-id', value: '4711' },
      { type: 'system-uuid', value: '4c4c4544-0042-3510-8052-b4c04f4d3132' },
      { type: 'machine-id', value: '0123456789abcdef0123456789abcdef' },
      { type: 'address', value: '10.0.0.5' },
      { type: 'address', value: '34.1.2.3' },
      { type: 'hostname', value: 'vm-1' },
      { type: 'hostname', value: 'vm-1.c.internal' },
    ]);
    expect(row).toMatchObject({ addresses: ['10.0.0.5'], mappedAddresses: ['34.1.2.3'], hostedBy: [] });
    expect(exposedOf(row)).toBe(true);
    expect(row.aliases).toEqual(['gce://my-project/europe-west1-b/vm-1', 'vm-1', 'vm-1.c.internal']);
  });

  it.each([
    '00000000-0000-0000-0000-000000000000',
    'FFFFFFFF-FFFF-FFFF-FFFF-FFFFFFFFFFFF',
    '03000200-0400-0500-0006-000700080009',
    'Not Settable',
    '',
  ])('takes no evidence from the placeholder %j', (systemUUID) => {
    const row = mapNode(node({ status: { nodeInfo: { systemUUID, machineID: '0'.repeat(32) } } }), place);
    expect(row.identities.map(({ type }) => type)).toEqual(['node']);
  });

  it('fault 113: a kubelet that runs in no cloud says one address of its node, and of others nothing', () => {
    const addresses = [{ type: 'InternalIP', address: '10.0.0.5' }];
    const alone = mapNode(node({ status: { addresses } }), place);
    expect([alone.addresses, alone.mappedAddresses, exposedOf(alone)]).toEqual([['10.0.0.5'], null, null]);
    const inCloud = mapNode(
      node({ spec: { providerID: 'gce://p/europe-west1-b/vm-1' }, status: { addresses } }),
      place,
    );
    expect([inCloud.mappedAddresses, exposedOf(inCloud)]).toEqual([[], false]);
    const metal = mapNode(node({ status: { addresses: [{ type: 'InternalIP', address: '185.1.2.3' }] } }), place);
    expect(exposedOf(metal)).toBe(true);
  });

  it('says once what provider id and firmware both say', () => {
    const uuid = '42305f0b-dad7-1d3d-5727-0eaffffffffc';
    const row = mapNode(
      node({ spec: { providerID: `vsphere://${uuid}` }, status: { nodeInfo: { systemUUID: uuid.toUpperCase() } } }),
      place,
    );
    expect(row.identities.filter(({ type }) => type === 'system-uuid')).toEqual([{ type: 'system-uuid', value: uuid }]);
  });

  it.each([
    ['fargate', 'fargate-ip-10-0-0-1', { 'eks.amazonaws.com/compute-type': 'fargate' }, {}, 'microvm'],
    ['fargate', 'ip-10-0-0-1', {}, { providerID: 'aws:///eu-west-1a/0a1b/fargate-ip-10-0-0-1' }, 'microvm'],
    ['virtual-node', 'virtual-node-aci-linux', { type: 'virtual-kubelet' }, {}, null],
    ['virtual-node', 'eci-1', {}, { taints: [{ key: 'virtual-kubelet.io/provider', value: 'x' }] }, null],
    [
      'autopilot',
      'gk3-prod-pool-1-7f3a-x2',
      {},
      { providerID: 'gce://p/europe-west1-b/gk3-prod-pool-1-7f3a-x2' },
      null,
    ],
    [null, 'gke-prod-pool-1-7f3a-x2', {}, { providerID: 'gce://p/europe-west1-b/gke-prod-pool-1-7f3a-x2' }, null],
    [null, 'gk3-is-my-name', {}, { providerID: 'aws:///eu-west-1a/i-0123456789abcdef0' }, null],
    [null, 'plain', { type: 'worker' }, { taints: [null, { key: 'dedicated' }] }, null],
  ])('is managed %s: %s', (managed, name, labels, spec, isolation) => {
    expect(mapNode(node({ metadata: { name, labels }, spec }), place)).toMatchObject({ managed, isolation });
  });

  it.each([
    [{ 'karpenter.sh/capacity-type': 'spot' }, 'spot'],
    [{ 'karpenter.sh/capacity-type': 'on-demand' }, 'on-demand'],
    [{ 'eks.amazonaws.com/capacityType': 'SPOT' }, 'spot'],
    [{ 'cloud.google.com/gke-spot': 'true' }, 'spot'],
    [{ 'kubernetes.azure.com/scalesetpriority': 'spot' }, 'spot'],
    [{}, null],
  ])('labels %j are lifecycle %s', (labels, lifecycle) => {
    expect(mapNode(node({ metadata: { labels } }), place).lifecycle).toBe(lifecycle);
  });
});

describe('providerIdentities', () => {
  it.each([
    ['aws:///us-west-2a/i-0f69abc123456789a', ['us-west-2a/i-0f69abc123456789a', 'i-0f69abc123456789a']],
    ['aws:///us-west-2-lax-1a/i-0f69abc123456789a', ['us-west-2-lax-1a/i-0f69abc123456789a', 'i-0f69abc123456789a']],
    [
      'aws:///eu-west-1a/1234/fargate-ip-10-0-1-2.eu-west-1.compute.internal',
      ['eu-west-1a/1234/fargate-ip-10-0-1-2.eu-west-1.compute.internal'],
    ],
    ['gce://example.com:proj/europe-west1-b/vm-1', ['example.com:proj/europe-west1-b/vm-1']],
    [
      'azure:///subscriptions/S/resourceGroups/MC_rg/providers/Microsoft.Compute/virtualMachineScaleSets/SS/virtualMachines/0',
      Array(2).fill(
        '/subscriptions/s/resourcegroups/mc_rg/providers/microsoft.compute/virtualmachinescalesets/ss/virtualmachines/0',
      ),
    ],
    ['openstack:///ABCDEF01-0000-4000-8000-000000000000', Array(3).fill('abcdef01-0000-4000-8000-000000000000')],
    [
      'openstack://region/abcdef01-0000-4000-8000-000000000000',
      [
        'region/abcdef01-0000-4000-8000-000000000000',
        'abcdef01-0000-4000-8000-000000000000',
        'abcdef01-0000-4000-8000-000000000000',
      ],
    ],
    [
      'vsphere://42305F0B-DAD7-1D3D-5727-0EAFFFFFFFFC',
      ['vsphere://42305f0b-dad7-1d3d-5727-0eaffffffffc', '42305f0b-dad7-1d3d-5727-0eaffffffffc'],
    ],
    ['digitalocean://123456', ['digitalocean://123456']],
    ['metal3://metal3/node-0/node-0-abc', ['metal3://metal3/node-0/node-0-abc']],
    ['kind://docker/kind/kind-worker', ['kind://docker/kind/kind-worker']],
    ['k3s://name', ['k3s://name']],
    ['providerIDValue', []],
    [null, []],
  ])('%s', (providerId, values) => {
    expect(providerIdentities(providerId).map(({ value }) => value)).toEqual(values);
  });
});

import { describe, expect, it } from 'vitest';
import { resourceSchema } from '#lib/model/index.ts';
import { CANARY, openFleet } from '../kit/fleet/index.ts';
import { mapObjects } from './map.ts';
import { mapNode } from './map-node.ts';
import { mapPod } from './map-pod.ts';
import { type Lookup, nodeFacts, type Place } from './place.ts';
import { providerIdentities } from './provider-id.ts';
import type { RawNode, RawObject, RawPod } from './raw.ts';
import { nodeObject, podObject } from './wire.ts';

const place: Place = { source: 's', scope: 's/c/*/pods', cluster: 'c', clusterName: 'prod' };
const nothing: Lookup = { node: () => undefined, controller: () => null, handler: () => undefined };

const pod = (fields: { metadata?: object; spec?: object; status?: object } = {}): RawPod =>
  ({
    metadata: { name: 'web-1', namespace: 'shop', uid: 'u-1', ...fields.metadata },
    spec: { containers: [{ name: 'app', image: 'shop/web:1' }], ...fields.spec },
    status: { phase: 'Running', ...fields.status },
  }) as RawPod;

const only = (raw: RawPod, lookup = nothing) => {
  const [row] = mapPod(raw, place, lookup);
  if (!row) throw new Error('no row');
  return row;
};

const withState = (state: object | null, status: object = {}, metadata: object = {}) =>
  only(pod({ metadata, status: { containerStatuses: [{ name: 'app', ...(state ? { state } : {}) }], ...status } }));

describe('state of a container', () => {
  it.each([
    [{ running: {} }, {}, 'running', 'running', null],
    [{ waiting: { reason: 'ContainerCreating' } }, { phase: 'Pending' }, 'starting', 'waiting', 'ContainerCreating'],
    [{ waiting: { reason: 'PodInitializing' } }, { phase: 'Pending' }, 'starting', 'waiting', 'PodInitializing'],
    [{ waiting: {} }, { phase: 'Pending' }, 'starting', 'waiting', null],
    ...[
      'CrashLoopBackOff',
      'ImagePullBackOff',
      'ErrImagePull',
      'ErrImageNeverPull',
      'CreateContainerConfigError',
      'CreateContainerError',
      'RunContainerError',
      'InvalidImageName',
    ].map((reason) => [{ waiting: { reason } }, {}, 'failed', 'waiting', reason] as const),
    [
      { terminated: { exitCode: 0, reason: 'Completed' } },
      { phase: 'Succeeded' },
      'terminated',
      'terminated',
      'Completed',
    ],
    [{ terminated: { exitCode: 137, reason: 'OOMKilled' } }, {}, 'failed', 'terminated', 'OOMKilled'],
    [{ terminated: { exitCode: 1 } }, { phase: 'Failed' }, 'failed', 'terminated', 'Error'],
    [null, { phase: 'Pending' }, 'starting', 'Pending', null],
    [null, { phase: 'Running' }, 'unknown', 'Running', null],
    [null, { phase: 'Succeeded' }, 'terminated', 'Succeeded', null],
    [null, { phase: 'Failed', reason: 'Evicted' }, 'failed', 'Failed', 'Evicted'],
    [{ running: {} }, { phase: 'Failed', reason: 'Evicted' }, 'failed', 'Failed', 'Evicted'],
    [{ running: {} }, { phase: 'Unknown' }, 'unknown', 'Unknown', null],
    [{ running: {} }, { phase: 'Running', reason: 'NodeLost' }, 'unknown', 'Running', 'NodeLost'],
    [null, { phase: 'Dreaming' }, 'unknown', 'Dreaming', null],
  ] as const)('%j with %j is %s', (state, status, model, native, reason) => {
    expect(withState(state, status)).toMatchObject({ state: model, nativeState: native, stateReason: reason });
  });

  it('is stopping while its pod goes, until it has ended', () => {
    const going = { deletionTimestamp: '2026-11-21T09:00:00Z' };
    expect(withState({ running: {} }, {}, going)).toMatchObject({ state: 'stopping', nativeState: 'Terminating' });
    expect(withState({ terminated: { exitCode: 0 } }, {}, going).state).toBe('terminated');
  });

  it('says why it is not scheduled', () => {
    const conditions = [{ type: 'PodScheduled', status: 'False', reason: 'Unschedulable' }];
    expect(only(pod({ status: { phase: 'Pending', conditions } }))).toMatchObject({
      state: 'starting',
      stateReason: 'Unschedulable',
    });
  });
});

describe('mapPod', () => {
  it('has a row for each container, init and ephemeral ones too, all of one origin', () => {
    const rows = mapPod(
      pod({
        spec: {
          containers: [{ name: 'app' }, { name: 'proxy' }],
          initContainers: [{ name: 'migrate' }],
          ephemeralContainers: [{ name: 'debug' }],
        },
        status: {
          containerStatuses: [
            {
              name: 'proxy',
              restartCount: 4,
              containerID: 'cri-o://abc',
              state: { running: { startedAt: '2026-11-21T08:00:00Z' } },
            },
          ],
          initContainerStatuses: [{ name: 'migrate', state: { terminated: { exitCode: 0 } } }],
        },
      }),
      place,
      nothing,
    );
    expect(rows.map(({ uid, name, state }) => [uid, name, state])).toEqual([
      ['c/u-1/app', 'web-1/app', 'unknown'],
      ['c/u-1/proxy', 'web-1/proxy', 'running'],
      ['c/u-1/migrate:init', 'web-1/migrate', 'terminated'],
      ['c/u-1/debug:ephemeral', 'web-1/debug', 'unknown'],
    ]);
    expect(new Set(rows.map((row) => row.origin))).toEqual(new Set(['u-1']));
    expect(rows[1]).toMatchObject({
      restarts: 4,
      aliases: ['abc'],
      identities: [{ type: 'runtime-id', value: 'abc' }],
      startedAt: '2026-11-21T08:00:00.000Z',
    });
  });

  const owner = (kind: string, apiVersion: string) => ({
    metadata: {
      ownerReferences: [
        { kind: 'Other', name: 'x' },
        { kind, apiVersion, name: 'web-6f9', uid: 'o-1', controller: true },
      ],
    },
  });

  it('follows ReplicaSet and Job to what controls them, and stops at a ReplicaSet of its own', () => {
    const above: Lookup = {
      ...nothing,
      controller: (kind) => ({ kind: kind === 'Job' ? 'CronJob' : 'Deployment', name: 'web' }),
    };
    expect(only(pod(owner('ReplicaSet', 'apps/v1')), above).workload).toEqual({ kind: 'Deployment', name: 'web' });
    expect(only(pod(owner('Job', 'batch/v1')), above).workload).toEqual({ kind: 'CronJob', name: 'web' });
    expect(only(pod(owner('ReplicaSet', 'apps/v1'))).workload).toEqual({ kind: 'ReplicaSet', name: 'web-6f9' });
    expect(only(pod(owner('StatefulSet', 'apps/v1')), above).workload).toEqual({
      kind: 'StatefulSet',
      name: 'web-6f9',
    });
    expect(only(pod(owner('Node', 'v1')), above).workload).toEqual({ kind: 'Node', name: 'web-6f9' });
    // Somebody else's Job.
    expect(only(pod(owner('Job', 'kubeflow.org/v1')), above).workload).toEqual({ kind: 'Job', name: 'web-6f9' });
    expect(only(pod()).workload).toBeNull();
  });

  it('fault 5: an owner that cannot be read leaves the ReplicaSet, marked as such', () => {
    const row = only(pod(owner('ReplicaSet', 'apps/v1')), { ...nothing, controller: () => 'unknown' });
    expect(row.workload).toEqual({ kind: 'ReplicaSet', name: 'web-6f9' });
    expect(row.raw).toMatchObject({ note: 'owner of ReplicaSet web-6f9 could not be read' });
  });

  it('takes region, zone and system from its node, else from its own labels', () => {
    const labels = {
      'topology.kubernetes.io/region': 'r1',
      'topology.kubernetes.io/zone': 'r1-a',
      'kubernetes.io/os': 'windows',
    };
    const spec = { nodeName: 'n' };
    expect(only(pod({ spec }), { ...nothing, node: () => nodeFacts(labels) })).toMatchObject({
      region: 'r1',
      zone: 'r1-a',
      os: 'windows',
      hostedBy: [{ type: 'node', value: 'c/n' }],
    });
    expect(only(pod({ spec, metadata: { labels } }))).toMatchObject({ region: 'r1', zone: 'r1-a', os: null });
  });

  it.each([
    ['runsc', 'gvisor'],
    ['kata-qemu', 'kata'],
    ['runc', null],
    ['wasmtime', 'wasmtime'],
    [undefined, null],
  ])('handler %s of its runtime class is isolation %s', (handler, isolation) => {
    const row = only(pod({ spec: { runtimeClassName: 'sandboxed' } }), { ...nothing, handler: () => handler });
    expect(row.isolation).toBe(isolation);
  });

  it('guesses the isolation by the name of a runtime class that cannot be read, and knows Fargate', () => {
    expect(only(pod({ spec: { runtimeClassName: 'gvisor' } })).isolation).toBe('gvisor');
    const fargate = nodeFacts({ 'eks.amazonaws.com/compute-type': 'fargate' });
    expect(only(pod({ spec: { nodeName: 'n' } }), { ...nothing, node: () => fargate }).isolation).toBe('microvm');
  });

  it('tells requests and limits that are not set from zero', () => {
    const requested = (resources: object) => only(pod({ spec: { containers: [{ name: 'app', resources }] } }));
    expect(requested({})).toMatchObject({ requests: null, limits: null });
    expect(requested({ requests: { cpu: '0' }, limits: { memory: '1Gi' } })).toMatchObject({
      requests: { cpu: 0, memory: null },
      limits: { cpu: null, memory: 1024 },
    });
  });

  it.each([
    ['no metadata', { spec: {} }, 'metadata'],
    ['no uid', pod({ metadata: { uid: undefined } }), 'metadata.uid'],
    ['no containers', pod({ spec: { containers: undefined } }), 'spec.containers'],
    ['labels that are no texts', pod({ metadata: { labels: { a: 1 } } }), 'metadata.labels'],
    [
      'a quantity that is none',
      pod({ spec: { containers: [{ name: 'a', resources: { requests: { cpu: 'lots' } } }] } }),
      'resources.requests',
    ],
    ['a number in its place', 7, 'metadata'],
    ['null in its place', null, 'row'],
  ])('a pod with %s is counted as unreadable, and the others are kept', (_, broken, field) => {
    const { resources, unreadable } = mapObjects('pods', [pod(), broken as RawObject, pod()], place, nothing);
    expect(resources).toHaveLength(2);
    expect(unreadable).toHaveLength(1);
    expect(unreadable[0]?.reason).toContain(field);
    expect(unreadable[0]?.reason).not.toContain('lots');
  });

  it('fault 78: labels that mean something to JavaScript are labels', () => {
    const labels = JSON.parse('{"__proto__":"a","constructor":"b","then":"c","":"d"}');
    const { tags } = only(pod({ metadata: { labels } }));
    expect(Object.entries(tags)).toEqual([
      ['__proto__', 'a'],
      ['constructor', 'b'],
      ['then', 'c'],
      ['', 'd'],
    ]);
    expect(Object.getPrototypeOf(tags)).toBeNull();
  });

  it('fault 81: keeps nothing of environment, arguments, probes, messages of the dead, last-applied and managedFields', () => {
    const secret = 'canary-of-this-test';
    const container = {
      name: 'app',
      image: 'i',
      command: ['sh', '-c', secret],
      args: [secret, `--password=${secret}`],
      env: [{ name: 'PASSWORD', value: secret }],
      livenessProbe: { httpGet: { httpHeaders: [{ name: 'Authorization', value: secret }] } },
      lifecycle: { preStop: { exec: { command: [secret] } } },
    };
    const dead = { terminated: { exitCode: 1, message: secret } };
    const rows = mapPod(
      pod({
        metadata: {
          managedFields: [{ fieldsV1: { [secret]: {} } }],
          annotations: {
            'kubectl.kubernetes.io/last-applied-configuration': secret,
            'vault/token': secret,
            config: `{"a":"${secret}"}`,
            note: 'harmless',
          },
        },
        spec: {
          containers: [container],
          initContainers: [{ ...container, name: 'init' }],
          ephemeralContainers: [{ ...container, name: 'debug' }],
          volumes: [{ name: 'v', csi: { volumeAttributes: { password: secret } } }],
        },
        status: { containerStatuses: [{ name: 'app', state: dead, lastState: dead }] },
      }),
      place,
      nothing,
    );
    expect(rows).toHaveLength(3);
    expect(JSON.stringify(rows)).not.toContain(secret);
    expect(rows[0]?.raw).toMatchObject({
      pod: { annotations: { note: 'harmless' } },
      container: { environmentNames: ['PASSWORD'] },
    });
  });
});

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
    expect(row).toMatchObject({ privateAddresses: ['10.0.0.5'], publicAddresses: ['34.1.2.3'], hostedBy: [] });
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
    ['openstack:///ABCDEF01-0000-4000-8000-000000000000', Array(2).fill('abcdef01-0000-4000-8000-000000000000')],
    [
      'openstack://region/abcdef01-0000-4000-8000-000000000000',
      ['region/abcdef01-0000-4000-8000-000000000000', 'abcdef01-0000-4000-8000-000000000000'],
    ],
    ['kind://docker/kind/kind-worker', ['kind://docker/kind/kind-worker']],
    ['k3s://name', ['k3s://name']],
    ['providerIDValue', []],
    [null, []],
  ])('%s', (providerId, values) => {
    expect(providerIdentities(providerId).map(({ value }) => value)).toEqual(values);
  });
});

describe('objects of the fleet', () => {
  const fleet = openFleet({ seed: 7, resources: 2000 });
  const moment = fleet.at(Date.parse('2026-11-21T09:00:00Z'));

  it('map to valid rows without a planted secret', () => {
    let containers = 0;
    for (const cluster of fleet.clusters()) {
      const pods = [...moment.pods(cluster)].map((item) => podObject(item, '1'));
      const nodes = [...moment.nodes(cluster)].map((item) => nodeObject(item, '1'));
      expect(JSON.stringify(pods)).toContain(CANARY);
      for (const { resources, unreadable } of [
        mapObjects('pods', pods, place, nothing),
        mapObjects('nodes', nodes, place, nothing),
      ]) {
        expect(unreadable).toEqual([]);
        for (const row of resources) expect(resourceSchema.safeParse(row).error).toBeUndefined();
        expect(JSON.stringify(resources)).not.toContain(CANARY);
        containers += resources.length;
      }
    }
    expect(containers).toBeGreaterThan(500);
  });
});

import { describe, expect, it } from 'vitest';
import { exposedOf } from '#lib/language/grammar/reach.ts';
import { createPlace, type Lookup, nodeFacts } from '../clusters/place.ts';
import { mapObjects } from './map.ts';
import { mapPod } from './map-pod.ts';
import type { RawObject, RawPod } from './raw.ts';

const place = createPlace({ source: 's', scope: 's/c/*/pods', cluster: 'c', clusterName: 'prod' });
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

describe('mapPod', () => {
  it('fault 113: in the network of its node it has what is mapped to the node, which nobody tells here', () => {
    const own = only(pod({ status: { podIP: '10.8.0.7' } }));
    expect([own.addresses, own.mappedAddresses, exposedOf(own)]).toEqual([['10.8.0.7'], [], false]);
    const host = only(
      pod({ spec: { containers: [{ name: 'app' }], hostNetwork: true }, status: { podIP: '10.0.0.5' } }),
    );
    expect([host.mappedAddresses, exposedOf(host)]).toEqual([null, null]);
    const v6 = only(pod({ status: { podIP: '10.8.0.7', podIPs: [{ ip: '10.8.0.7' }, { ip: '2600:1f18::7' }] } }));
    expect(exposedOf(v6)).toBe(true);
  });

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
    expect(new Set(rows.map((row) => row.objectId))).toEqual(new Set(['u-1']));
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

  it('is in no zone where its node carries a fault domain for one, as nodes of Azure outside of zones do', () => {
    const labels = { 'topology.kubernetes.io/region': 'westeurope', 'topology.kubernetes.io/zone': '0' };
    expect(nodeFacts(labels)).toMatchObject({ region: 'westeurope', zone: null });
    expect(nodeFacts({ 'topology.kubernetes.io/zone': 'westeurope-1' }).zone).toBe('westeurope-1');
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

  it('says which container is a VM of KubeVirt, and finds it by the name of the VM', () => {
    const rows = mapPod(
      pod({
        metadata: {
          name: 'virt-launcher-db-x2x',
          labels: { 'kubevirt.io': 'virt-launcher', 'vm.kubevirt.io/name': 'db' },
          ownerReferences: [
            { apiVersion: 'kubevirt.io/v1', kind: 'VirtualMachineInstance', name: 'db', controller: true },
          ],
        },
        spec: { containers: [{ name: 'compute' }, { name: 'guest-console-log' }], nodeName: 'node-1' },
        status: { containerStatuses: [{ name: 'compute', containerID: 'cri-o://abc' }] },
      }),
      place,
      nothing,
    );
    expect(rows.map(({ name, managed, aliases }) => [name, managed, aliases])).toEqual([
      ['virt-launcher-db-x2x/compute', 'kubevirt', ['db', 'abc']],
      ['virt-launcher-db-x2x/guest-console-log', null, []],
    ]);
    expect(rows[0]).toMatchObject({
      workload: { kind: 'VirtualMachineInstance', name: 'db' },
      hostedBy: [{ type: 'node', value: 'c/node-1' }],
    });
    expect(only(pod()).managed).toBeNull();
  });
});

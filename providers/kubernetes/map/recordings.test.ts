import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { type Resource, resourceSchema } from '#lib/model/index.ts';
import { lines } from '#providers/kit/wire/lines.ts';
import { createPlace, type Lookup } from '../clusters/place.ts';
import { mapObjects } from './map.ts';
import type { RawEvent, RawObject } from './raw.ts';

const folder = path.join(import.meta.dirname, '../../../../shared/recordings/kubernetes');
const absent = !existsSync(folder);

const place = createPlace({ source: 's', scope: 's/c/*/pods', cluster: 'cluster-uid', clusterName: 'recorded' });
const nothing: Lookup = { node: () => undefined, controller: () => 'unknown', handler: () => undefined };

const read = (file: string): unknown => JSON.parse(readFileSync(path.join(folder, file), 'utf8'));
const itemsOf = (file: string): RawObject[] => (read(file) as { items: RawObject[] }).items;

function valid(rows: readonly Resource[]): void {
  for (const row of rows) {
    expect(resourceSchema.safeParse(row).error).toBeUndefined();
    const kept = JSON.stringify(row);
    for (const never of ['managedFields', 'fieldsV1', 'last-applied', 'terminationMessage'])
      expect(kept).not.toContain(never);
  }
}

// The folder with what real systems answered is no part of a clone.
describe.skipIf(absent)('recorded answers of a kube-apiserver 1.36', () => {
  it('maps a page of pods', () => {
    const { resources, unreadable } = mapObjects('pods', itemsOf('k8s-1.36-pods-limit10.json'), place, nothing);
    expect(unreadable).toEqual([]);
    expect(resources).toHaveLength(10);
    valid(resources);
    expect(resources[0]).toMatchObject({
      uid: 'cluster-uid/3723832f-91df-4b0b-8fcd-948452a71494/c',
      name: 'app-0/c',
      objectId: '3723832f-91df-4b0b-8fcd-948452a71494',
      state: 'failed',
      nativeState: 'waiting',
      stateReason: 'CrashLoopBackOff',
      restarts: 0,
      type: 'Burstable',
      requests: { cpu: 0.1, memory: 128 },
      limits: { cpu: null, memory: 256 },
      region: 'us-east-1',
      zone: 'us-east-1a',
      cluster: 'recorded',
      namespace: 'team-0',
      workload: { kind: 'ReplicaSet', name: 'rs-0' },
      pod: 'app-0',
      image: 'registry.k8s.io/pause:3.10',
      addresses: ['10.1.0.0'],
      createdAt: '2026-11-21T00:08:37.000Z',
      hostedBy: [{ type: 'node', value: 'cluster-uid/node-0' }],
      raw: { note: 'owner of ReplicaSet rs-0 could not be read' },
    });
  });

  it('maps the nodes', () => {
    const { resources, unreadable } = mapObjects('nodes', itemsOf('k8s-1.36-nodes.json'), place, nothing);
    expect(unreadable).toEqual([]);
    expect(resources).toHaveLength(6);
    valid(resources);
    expect(resources[0]).toMatchObject({
      uid: 'cluster-uid/f11623dd-3f1b-4645-8e91-f92c8257f02a',
      name: 'node-0',
      kind: 'host',
      state: 'failed',
      nativeState: 'NotReady',
      stateReason: 'KubeletReady',
      type: 'm5.large',
      vcpus: 4,
      memory: 16384,
      allocatable: { cpu: 3.92, memory: 15360 },
      os: 'Debian GNU/Linux 12',
      addresses: ['172.16.0.0'],
    });
    // `m` and `u` stand where machine id and UUID should: no evidence of anything.
    expect(resources[0]?.identities).toEqual([
      { type: 'node', value: 'cluster-uid/node-0' },
      { type: 'provider-id', value: 'us-east-1a/i-00a1b2c3d00000000' },
      { type: 'instance-id', value: 'i-00a1b2c3d00000000' },
      { type: 'address', value: '172.16.0.0' },
      { type: 'hostname', value: 'node-0' },
    ]);
  });

  it('reads the watch stream to its end', async () => {
    const bytes = readFileSync(path.join(folder, 'k8s-1.36-watch.ndjson'));
    async function* chunks() {
      for (let at = 0; at < bytes.length; at += 1009) yield bytes.subarray(at, at + 1009);
    }
    const events: RawEvent[] = [];
    for await (const line of lines(chunks(), 'recorded')) events.push(JSON.parse(line.toString('utf8')));
    expect(events).toHaveLength(25);
    expect(events.at(-1)).toMatchObject({ type: 'BOOKMARK', object: { metadata: { resourceVersion: '273' } } });
    const pods = events.filter((event) => event.type === 'ADDED').map((event) => event.object);
    const { resources, unreadable } = mapObjects('pods', pods, place, nothing);
    expect(unreadable).toEqual([]);
    expect(resources).toHaveLength(24);
    valid(resources);
    const byPod = (name: string) => resources.find((row) => row.pod === name);
    expect(byPod('app-20')).toMatchObject({ state: 'starting', nativeState: 'Pending' });
    expect(byPod('app-22')?.state).toBe('terminated');
    expect(byPod('app-21')?.state).toBe('failed');
  });

  it('fault 26: maps a pod and a node with every field set to something unknown', () => {
    const pods = mapObjects('pods', [read('HEAD.core.v1.Pod.json') as RawObject], place, nothing);
    expect(pods.unreadable).toEqual([]);
    valid(pods.resources);
    expect(pods.resources.map((row) => row.uid)).toEqual([
      'cluster-uid/uidValue/nameValue',
      'cluster-uid/uidValue/nameValue:init',
      'cluster-uid/uidValue/nameValue:ephemeral',
    ]);
    const nodes = mapObjects('nodes', [read('HEAD.core.v1.Node.json') as RawObject], place, nothing);
    expect(nodes.unreadable).toEqual([]);
    valid(nodes.resources);
    expect(nodes.resources[0]).toMatchObject({ name: 'nameValue', state: 'stopping', vcpus: null, memory: null });
  });

  it('has looked at every file', () => {
    expect(readdirSync(folder).sort()).toEqual([
      'HEAD.core.v1.Node.json',
      'HEAD.core.v1.Pod.json',
      // The two that say what the server is; no call of this provider asks for them.
      'k8s-1.36-apis.json',
      'k8s-1.36-nodes.json',
      'k8s-1.36-pods-limit10.json',
      'k8s-1.36-version.json',
      'k8s-1.36-watch.ndjson',
    ]);
    expect(read('k8s-1.36-version.json')).toMatchObject({ minor: '36' });
    const groups = (read('k8s-1.36-apis.json') as { groups: { name: string; versions: { version: string }[] }[] })
      .groups;
    for (const name of ['apps', 'batch', 'node.k8s.io'])
      expect(groups.find((group) => group.name === name)?.versions.map(({ version }) => version)).toContain('v1');
  });
});

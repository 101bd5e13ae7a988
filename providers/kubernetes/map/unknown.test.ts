import { describe, expect, it } from 'vitest';
import { anyResource } from '#tests/support/resource.ts';
import type { Lookup } from '../clusters/place.ts';
import { unknownOf } from './unknown.ts';

const row = anyResource({ region: null, zone: null, os: 'linux', isolation: null });
const nothing: Lookup = { node: () => undefined, controller: () => 'unknown', handler: () => undefined };
const node = { region: null, zone: null, os: null, fargate: false };
const owned = (kind: string, apiVersion: string) => ({
  ownerReferences: [{ kind, apiVersion, name: 'x', uid: 'u', controller: true }],
});

describe('unknown fields of a container', () => {
  it('fault 5: names what hangs on an owner, a node or a runtime class that could not be read', () => {
    expect(unknownOf(row, { metadata: owned('ReplicaSet', 'apps/v1') }, nothing)).toEqual(['workload']);
    expect(unknownOf(row, { spec: { nodeName: 'n' } }, nothing)).toEqual(['region', 'zone', 'isolation']);
    const classed = { spec: { nodeName: 'n', runtimeClassName: 'c' } };
    expect(unknownOf(row, classed, { ...nothing, node: () => node })).toEqual(['isolation']);
  });

  it('names nothing where all was read, and nothing that needs no reading', () => {
    const all: Lookup = { node: () => node, controller: () => null, handler: () => 'runc' };
    const pod = { metadata: owned('Job', 'batch/v1'), spec: { nodeName: 'n', runtimeClassName: 'c' } };
    expect(unknownOf(row, pod, all)).toEqual([]);
    expect(unknownOf(row, { metadata: owned('DaemonSet', 'apps/v1') }, nothing)).toEqual([]);
    expect(unknownOf(row, {}, nothing)).toEqual([]);
  });
});

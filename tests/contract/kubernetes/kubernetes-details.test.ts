import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import type { Scope } from '#lib/model/index.ts';
import type { Connection } from '#providers/contract.ts';
import { ApiServer, type KubeRequest } from '#tests/fakes/kube-apiserver.ts';
import { statusBody } from '#tests/fakes/kube-store.ts';
import { VirtualClock } from '#tests/support/clock.ts';
import {
  aNode,
  anOwner,
  aPod,
  Mirror,
  openSource,
  owned,
  scopesOf,
  scratch,
  until,
  writeKubeconfig,
} from '#tests/support/kubernetes/kubernetes.ts';

const OWNERS = 'list replicasets.apps';
const above = { kind: 'Deployment', name: 'web' };
const down = { status: 500, body: JSON.stringify(statusBody(500, 'InternalError', 'etcdserver: no leader')) };

describe('watch of a cluster whose owners cannot be read', () => {
  let clock: VirtualClock;
  let api: ApiServer;
  let connection: Connection;
  let pods: Scope;
  let mirror: Mirror;
  let broken: boolean;

  beforeEach(async () => {
    clock = new VirtualClock();
    broken = true;
    api = await ApiServer.start({ now: () => clock.monotonic() });
    onTestFinished(() => api.close());
    api.store.put('nodes', aNode('node-1'));
    api.store.put('replicasets.apps', anOwner('ReplicaSet', 'web-1', above));
    api.store.put('pods', aPod(1, { metadata: owned('ReplicaSet', 'web-1') }));
    const place = await scratch();
    onTestFinished(place.remove);
    const kubeconfig = await writeKubeconfig(place.folder, [{ name: 'prod', server: api.url }]);
    connection = await openSource({ kubeconfig }, clock);
    onTestFinished(() => connection.close());
    pods = (await scopesOf(connection)).find((scope) => scope.part === 'pods') as Scope;
  });

  const isOwners = ({ action }: KubeRequest) => broken && action === OWNERS;
  const asked = () => api.requests.filter(({ action }) => action === OWNERS).length;
  const workload = (n: number) => mirror.rows.get(aPod(n).metadata.uid)?.[0]?.workload;
  const failing = () => mirror.listings.at(-1)?.detailErrors.map(({ call, kind }) => [call, kind]);

  async function started(): Promise<void> {
    mirror = Mirror.follow(connection, pods);
    onTestFinished(() => mirror.stop());
    await until(clock, () => api.watching('pods') === 1);
  }

  it('fault 5, fault 103: lists and follows its pods, and lists again once the owners can be read', async () => {
    api.fault({ when: isOwners, times: 1000, answer: down });
    await started();
    expect(mirror.listings[0]).toMatchObject({ complete: true });
    expect(workload(1)).toEqual({ kind: 'ReplicaSet', name: 'web-1' });
    expect(failing()).toEqual([[OWNERS, 'network']]);
    expect(mirror.listings[0]?.detailErrors[0]).toMatchObject({
      fields: ['workload'],
      message: 'answers 500: etcdserver: no leader',
    });

    const before = asked();
    for (let n = 2; n < 12; n++) api.store.put('pods', aPod(n, { metadata: owned('ReplicaSet', 'web-1') }));
    await until(clock, () => mirror.upserts === 10);
    expect(asked()).toBe(before);

    broken = false;
    // A quiet cluster says nothing: it is asked.
    await until(clock, () => mirror.listings.length === 2 && api.watching('pods') === 1);
    expect(failing()).toEqual([]);
    for (let n = 1; n < 12; n++) expect(workload(n)).toEqual(above);
  });

  it('fault 5, fault 103: an owner that cannot be read when an event names it holds up neither the row nor the watch', async () => {
    broken = false;
    api.fault({ when: isOwners, times: 1000, answer: down });
    await started();
    expect(workload(1)).toEqual(above);
    broken = true;
    api.store.put('replicasets.apps', anOwner('ReplicaSet', 'web-2', above));
    api.store.put('pods', aPod(2, { metadata: owned('ReplicaSet', 'web-2') }));
    await until(clock, () => mirror.upserts === 1);
    expect(workload(2)).toEqual({ kind: 'ReplicaSet', name: 'web-2' });
    expect(mirror.error).toBeUndefined();
    broken = false;
    await until(clock, () => mirror.listings.length === 2 && api.watching('pods') === 1);
    expect(workload(2)).toEqual(above);
  });

  it('fault 37, fault 103: a watch that breaks just as the owners can be read again lists again all the same', async () => {
    api.fault({ when: isOwners, times: 1000, answer: down });
    mirror = Mirror.follow(connection, pods, clock);
    onTestFinished(() => mirror.stop());
    await until(clock, () => api.watching('pods') === 1);
    broken = false;
    // The question is tried once more, and answered while the watch is not yet taken up.
    const cut = ({ action }: KubeRequest) => {
      if (action === OWNERS) api.cut('reset');
      return action === OWNERS;
    };
    api.fault({ when: cut, answer: 'reset' });
    await until(clock, () => mirror.listings.length === 2 && api.watching('pods') === 1);
    expect(mirror.breaks).toHaveLength(1);
    expect(workload(1)).toEqual(above);
  });

  it('fault 103: a node that registers behind its pods is looked for again', async () => {
    broken = false;
    const pod = (labels: object) => aPod(2, { metadata: { labels }, spec: { nodeName: 'node-9' } });
    api.store.put('pods', pod({}));
    await started();
    const os = () => mirror.rows.get(aPod(2).metadata.uid)?.[0]?.os;
    expect(os()).toBeNull();
    api.store.put('nodes', aNode('node-9'));
    const looks = () => api.requests.filter(({ action }) => action === 'list nodes').length;
    const before = looks();
    api.store.put('pods', pod({ app: 'soon' }));
    await until(clock, () => mirror.upserts === 1);
    expect(looks()).toBe(before);
    await clock.advance(20_000);
    api.store.put('pods', pod({ app: 'later' }));
    await until(clock, () => mirror.upserts === 2);
    expect(os()).toBe('linux');
  });

  it('fault 5, fault 103: owners that never answer hold up rows and events for seconds only', async () => {
    api.fault({ when: isOwners, times: 1000, answer: { body: '', end: 'silence' } });
    const began = clock.monotonic();
    mirror = Mirror.follow(connection, pods);
    onTestFinished(() => mirror.stop());
    while (api.watching('pods') === 0) {
      if (asked() > 0) await clock.advance(500);
      else await until(clock, () => asked() > 0);
    }
    expect(mirror.listings[0]).toMatchObject({ complete: true });
    expect(failing()).toEqual([[OWNERS, 'timeout']]);
    expect(clock.monotonic() - began).toBeLessThan(10_000);
    const before = clock.monotonic();
    api.store.put('pods', aPod(2, { metadata: owned('ReplicaSet', 'web-1') }));
    await until(clock, () => mirror.upserts === 1);
    expect(clock.monotonic() - before).toBeLessThan(3_000);
  });
});

import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Listing, Scope } from '#lib/model/index.ts';
import type { Connection } from '#providers/contract.ts';
import { ApiServer, type KubeRequest } from '#tests/fakes/kube-apiserver.ts';
import { statusBody } from '#tests/fakes/kube-store.ts';
import { VirtualClock } from '#tests/support/clock.ts';
import {
  aNode,
  anOwner,
  aPod,
  list,
  Mirror,
  openSource,
  owned,
  scopesOf,
  scratch,
  until,
  writeKubeconfig,
} from '#tests/support/kubernetes/kubernetes.ts';

describe('listing of a cluster', () => {
  let clock: VirtualClock;
  let api: ApiServer;
  let connection: Connection;
  let pods: Scope;
  let nodes: Scope;
  let remove: () => Promise<void>;

  beforeEach(async () => {
    clock = new VirtualClock();
    api = await ApiServer.start();
    const place = await scratch();
    remove = place.remove;
    connection = await openSource(
      { kubeconfig: await writeKubeconfig(place.folder, [{ name: 'prod', server: api.url }]) },
      clock,
    );
    [nodes, pods] = (await scopesOf(connection)) as [Scope, Scope];
  });
  afterEach(async () => {
    await connection.close();
    await api.close();
    await remove();
  });

  /** Reads while short waits pass. */
  async function read(scope: Scope): Promise<Listing> {
    let listing: Listing | undefined;
    list(connection, scope).then((read) => {
      listing = read;
    });
    await until(clock, () => listing !== undefined);
    return listing as Listing;
  }
  const rowOf = (listing: Listing, n: number) => listing.resources.get(`cluster-uid/${aPod(n).metadata.uid}/app`);
  const pageOf = (page: number) => {
    let seen = 0;
    return (request: KubeRequest) => request.action === 'list pods' && ++seen === page;
  };

  it('reads pages of 500 at the newest version, compressed, and follows owners, nodes and runtime classes', async () => {
    api.store.put('nodes', aNode('node-1', 'eu-west-1b'));
    api.store.put('replicasets.apps', anOwner('ReplicaSet', 'web-6f9', { kind: 'Deployment', name: 'web' }));
    api.store.put('jobs.batch', anOwner('Job', 'backup-1', { kind: 'CronJob', name: 'backup' }));
    api.store.put('runtimeclasses.node.k8s.io', { metadata: { name: 'sandbox', uid: 'rc-1' }, handler: 'runsc' });
    for (let n = 1; n <= 1100; n++) api.store.put('pods', aPod(n, { metadata: owned('ReplicaSet', 'web-6f9') }));
    api.store.put(
      'pods',
      aPod(1101, { metadata: owned('Job', 'backup-1', 'batch/v1'), spec: { runtimeClassName: 'sandbox' } }),
    );
    const listing = await read(pods);
    expect(listing.complete).toBe(true);
    expect(listing.resources.size).toBe(1101);
    expect(rowOf(listing, 1)).toMatchObject({
      workload: { kind: 'Deployment', name: 'web' },
      region: 'eu-west-1',
      zone: 'eu-west-1b',
      isolation: null,
    });
    expect(rowOf(listing, 1101)).toMatchObject({ workload: { kind: 'CronJob', name: 'backup' }, isolation: 'gvisor' });
    const asked = api.requests.filter((request) => request.action === 'list pods');
    expect(asked.map(({ query }) => query.get('limit'))).toEqual(['500', '500', '500']);
    expect(
      asked.every(({ headers, query }) => headers['accept-encoding'] === 'gzip' && !query.has('resourceVersion')),
    ).toBe(true);
    // What is only joined with pods is asked for without what it does not need.
    for (const action of ['list replicasets.apps', 'list jobs.batch', 'list nodes'])
      expect(api.requests.find((request) => request.action === action)?.headers.accept).toContain(
        'as=PartialObjectMetadataList',
      );
  });

  it.each(['replicasets.apps', 'jobs.batch', 'nodes', 'runtimeclasses.node.k8s.io'])(
    'fault 5: pods are listed whole where %s are denied',
    async (kind) => {
      api.store.put('pods', aPod(1, { metadata: owned('ReplicaSet', 'web-6f9') }));
      api.denied.add(kind);
      const listing = await read(pods);
      expect(listing).toMatchObject({ complete: true });
      if (kind !== 'replicasets.apps') return;
      expect(rowOf(listing, 1)).toMatchObject({
        workload: { kind: 'ReplicaSet', name: 'web-6f9' },
        raw: { note: 'owner of ReplicaSet web-6f9 could not be read' },
      });
    },
  );

  it('fault 5: what was known of owners is kept when they are denied later', async () => {
    api.store.put('replicasets.apps', anOwner('ReplicaSet', 'web-6f9', { kind: 'Deployment', name: 'web' }));
    api.store.put('pods', aPod(1, { metadata: owned('ReplicaSet', 'web-6f9') }));
    await read(pods);
    api.denied.add('replicasets.apps');
    await clock.advance(60_000);
    const listing = await read(pods);
    expect(listing.complete).toBe(true);
    expect(rowOf(listing, 1)?.workload).toEqual({ kind: 'Deployment', name: 'web' });
  });

  it('fault 13, fault 102: lists all pods of a cluster whose ReplicaSets and Jobs are gone: an empty list is null', async () => {
    for (let n = 1; n <= 600; n++) api.store.put('pods', aPod(n, { metadata: owned('ReplicaSet', `web-${n % 7}`) }));
    api.store.put('pods', aPod(601, { metadata: owned('Job', 'backup-1', 'batch/v1') }));
    const listing = await read(pods);
    expect(listing).toMatchObject({ complete: true });
    expect(listing.resources.size).toBe(601);
    expect(rowOf(listing, 1)?.workload).toEqual({ kind: 'ReplicaSet', name: 'web-1' });
    expect(rowOf(listing, 601)?.workload).toEqual({ kind: 'Job', name: 'backup-1' });
  });

  it('fault 102: a pod that an event brings and whose owner and node are gone is a row', async () => {
    const mirror = Mirror.follow(connection, pods);
    await until(clock, () => api.watching('pods') === 1);
    api.store.put('pods', aPod(1, { metadata: owned('ReplicaSet', 'gone'), spec: { nodeName: 'gone' } }));
    await until(clock, () => mirror.upserts === 1);
    expect(mirror.rows.get(aPod(1).metadata.uid)).toMatchObject([{ workload: { kind: 'ReplicaSet', name: 'gone' } }]);
    expect(mirror.error).toBeUndefined();
    await mirror.stop();
  });

  it('fault 13, fault 102: goes on after a page of null, and ends with one', async () => {
    for (let n = 1; n <= 1200; n++) api.store.put('pods', aPod(n));
    const none = (more: object) =>
      JSON.stringify({ kind: 'PodList', apiVersion: 'v1', metadata: { resourceVersion: '1', ...more }, items: null });
    const [first, second] = [pageOf(1), pageOf(3)];
    // Before the first page of the true list, and in place of its third.
    api.fault({ when: first, answer: { body: none({ continue: 'token-0' }) } });
    const whole = api.store.page.bind(api.store);
    api.store.page = (objects, token, limit) => whole(objects, token === 'token-0' ? null : token, limit);
    const listing = await read(pods);
    expect(listing).toMatchObject({ complete: true });
    expect(listing.resources.size).toBe(1200);
    api.fault({ when: second, answer: { body: none({}) } });
    expect((await read(pods)).resources.size).toBe(1000);
  });

  it.each([
    ['without a kind', { metadata: { resourceVersion: '1' }, items: null }],
    ['without metadata', { kind: 'PodList', apiVersion: 'v1', items: null }],
    ['of something else', { kind: 'Status', metadata: { resourceVersion: '1' }, items: null }],
    ['without items', { kind: 'PodList', apiVersion: 'v1', metadata: { resourceVersion: '1' } }],
  ])('fault 13, fault 102: null in a body %s is no empty list', async (_, body) => {
    api.fault({ when: ({ action }) => action === 'list pods', times: 10, answer: { body: JSON.stringify(body) } });
    const listing = await read(pods);
    expect(listing).toMatchObject({ complete: false, reason: { kind: 'bad-reply' } });
    expect(listing.complete ? '' : listing.reason.message).toContain('list pods');
  });

  it('reads singly what an event names and no table has, and the whole table when many are missing', async () => {
    const mirror = Mirror.follow(connection, pods);
    await until(clock, () => api.watching('pods') === 1);
    const before = api.requests.length;
    const add = (n: number) => {
      api.store.put('nodes', aNode(`node-${n}`, 'eu-west-1c'));
      api.store.put('replicasets.apps', anOwner('ReplicaSet', `rs-${n}`, { kind: 'Deployment', name: `app-${n}` }));
      api.store.put('pods', aPod(n, { metadata: owned('ReplicaSet', `rs-${n}`), spec: { nodeName: `node-${n}` } }));
    };
    add(1);
    await until(clock, () => mirror.upserts === 1);
    expect(mirror.rows.get(aPod(1).metadata.uid)?.[0]).toMatchObject({
      workload: { kind: 'Deployment', name: 'app-1' },
      zone: 'eu-west-1c',
    });
    expect(api.requests.slice(before).map(({ query }) => query.get('fieldSelector'))).toEqual([
      'metadata.name=rs-1',
      'metadata.name=node-1',
    ]);
    // Known by now.
    api.store.put('pods', aPod(1, { metadata: owned('ReplicaSet', 'rs-1'), spec: { nodeName: 'node-1' } }));
    await until(clock, () => mirror.upserts === 2);
    expect(api.requests.length).toBe(before + 2);
    await mirror.stop();
  });

  it.each([
    ['403', { status: 403, body: JSON.stringify(statusBody(403, 'Forbidden', 'no')) }, 'permission'],
    ['500', { status: 500, body: JSON.stringify(statusBody(500, 'InternalError', 'no')) }, 'network'],
    ['reset', 'reset', 'network'],
    ['HTML', { body: '<html>login</html>' }, 'bad-reply'],
    ['null', { body: 'null' }, 'bad-reply'],
    ['items: null', { body: '{"metadata":{"resourceVersion":"1"},"items":null}' }, 'bad-reply'],
    ['no version', { body: '{"metadata":{},"items":[]}' }, 'bad-reply'],
  ] as const)(
    'fault 42: a second page that is %s leaves the listing incomplete, and keeps the first',
    async (_, answer, kind) => {
      for (let n = 1; n <= 700; n++) api.store.put('pods', aPod(n));
      const second = pageOf(2);
      let broken = false;
      api.fault({
        when: (request) => {
          if (second(request)) broken = true;
          return broken && request.action === 'list pods';
        },
        times: 10,
        answer,
      });
      const listing = await read(pods);
      expect(listing).toMatchObject({ complete: false, reason: { kind } });
      expect(listing.resources.size).toBe(500);
    },
  );

  it('fault 42: a list that always expires on the way is given up after bounded tries', async () => {
    for (let n = 1; n <= 700; n++) api.store.put('pods', aPod(n));
    const body = JSON.stringify(statusBody(410, 'Expired', 'too old'));
    api.fault({
      when: ({ action, query }) => action === 'list pods' && query.has('continue'),
      times: 100,
      answer: { status: 410, body },
    });
    const listing = await read(pods);
    expect(listing).toMatchObject({ complete: false, reason: { kind: 'bad-reply' } });
    expect(api.requests.filter(({ action, query }) => action === 'list pods' && query.has('continue'))).toHaveLength(4);
  });

  it('fault 43: an API group that is gone leaves its fields unknown, and pods as they are', async () => {
    api.store.put('pods', aPod(1, { metadata: owned('Job', 'backup-1', 'batch/v1') }));
    api.gone.add('jobs.batch');
    api.gone.add('runtimeclasses.node.k8s.io');
    const listing = await read(pods);
    expect(listing.complete).toBe(true);
    expect(rowOf(listing, 1)?.workload).toEqual({ kind: 'Job', name: 'backup-1' });
  });

  it('fault 43: a kind that is gone itself is unsupported, never an empty list', async () => {
    api.gone.add('pods');
    expect(await read(pods)).toMatchObject({ complete: false, reason: { kind: 'unsupported' } });
    expect((await read(nodes)).complete).toBe(true);
  });

  it('fault 100: a context that leads to another cluster than before is refused', async () => {
    api.store.put('pods', aPod(1));
    expect((await read(pods)).complete).toBe(true);
    const body = JSON.stringify({ metadata: { name: 'kube-system', uid: 'another' } });
    api.fault({ when: ({ action }) => action === 'get namespaces/kube-system', times: 10, answer: { body } });
    const before = api.requests.length;
    expect(await read(pods)).toMatchObject({ complete: false, reason: { kind: 'config' } });
    expect(api.requests.slice(before).every(({ action }) => action.startsWith('get'))).toBe(true);
  });

  it('maps odd objects of the tables beside the pods to nothing', async () => {
    for (const odd of [
      { metadata: { uid: 'a', name: 'a', ownerReferences: [null, 7] } },
      { metadata: { uid: 'b', name: 'b', ownerReferences: 'x', labels: 7 } },
    ]) {
      api.store.put('replicasets.apps', odd);
      api.store.put('nodes', odd);
    }
    api.store.put('pods', aPod(1));
    expect((await read(pods)).complete).toBe(true);
  });
});

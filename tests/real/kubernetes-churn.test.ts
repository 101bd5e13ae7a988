import { isDeepStrictEqual } from 'node:util';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import type { Resource } from '#lib/model/index.ts';
import { systemClock } from '#lib/runtime/clock.ts';
import { adapter } from '#providers/kubernetes/adapter.ts';
import { kubernetes } from '#providers/kubernetes/index.ts';
import { Churn } from '#tests/support/kubernetes/churn.ts';
import { type FollowedCluster, followCluster } from '#tests/support/kubernetes/followed-cluster.ts';
import { aPod, owned, scopesOf, scratch, writeKubeconfig } from '#tests/support/kubernetes/kubernetes.ts';
import { expectedRows } from '#tests/support/kubernetes/kubernetes-oracle.ts';
import { type RealApiServer, startedApiServer } from '#tests/support/kubernetes/real-apiserver.ts';
import { admitReader, realContext } from '#tests/support/kubernetes/real-cluster.ts';
import { silentLogger } from '#tests/support/log.ts';
import { seeded } from '#tests/support/sync-bench.ts';

const { server, title } = await startedApiServer();
const api = server as RealApiServer;

const PLANTED = 3000;
const NODES = 24;

const range = (from: number, to: number): number[] => Array.from({ length: to - from }, (_, at) => from + at);
const keyOf = (n: number): string => `pods/shop/${aPod(n).metadata.name}`;
/** A pod of a ReplicaSet or a Job that is no more, by its key. */
function planted(n: number, metadata: object = {}): [string, object] {
  const owner = n % 2 === 0 ? owned('ReplicaSet', `rs-${n % 50}`) : owned('Job', `job-${n % 50}`, 'batch/v1');
  return [keyOf(n), { apiVersion: 'v1', kind: 'Pod', ...aPod(n, { metadata: { ...owner, ...metadata } }) }];
}

/** Ten times what it takes alone: two programs and two clients share the machine with whatever else is tested. */
describe.skipIf(server === null)(title, { timeout: 300_000 }, () => {
  let cluster: string;
  let followed: FollowedCluster;
  let marks = 0;
  let compared = 0;

  beforeAll(async () => {
    await admitReader(api);
    await api.plant(new Map(range(0, PLANTED).map((n) => planted(n))));
    const kubeSystem = await api.ask<{ metadata: { uid: string } }>('GET', '/api/v1/namespaces/kube-system');
    cluster = kubeSystem.metadata.uid;
  }, 120_000);
  afterAll(async () => {
    await followed?.stop();
    await api.stop();
  }, 60_000);

  it('fault 13, fault 102: lists the pods of a cluster whose ReplicaSets and Jobs are all gone', async () => {
    followed = await followCluster(api);
    await followed.until(async () => (await followed.read.count()) === PLANTED);
    const row = await followed.read.resource(`${cluster}/${aPod(2).metadata.uid}/app`);
    expect(row?.row.resource.workload).toEqual({ kind: 'ReplicaSet', name: 'rs-2' });
    expect((await followed.read.scopes()).map(({ state }) => state)).toEqual(['fresh', 'fresh']);
  });

  it('fault 37, fault 102: after thousands of changes, a compaction and a killed server every row is as listed anew', async () => {
    const churn = new Churn(api, seeded(3));
    const sets = range(0, 40).map((n) => `web-${n}`);
    const jobs = range(0, 20).map((n) => `backup-${n}`);

    await churn.createNodes(NODES);
    await churn.createOwners('ReplicaSet', sets);
    await churn.createOwners('Job', jobs);
    await churn.createPods(350);
    await api.compact();
    await churn.shake(250, 80);
    await level();
    const before = followed.listings();

    // What controlled pods that are known goes, as after a rollout; so does a node.
    for (const name of [...sets.slice(0, 20), ...jobs.slice(0, 10)]) await churn.deleteOwner(name);
    await churn.deleteNode(3);

    // In the middle of writing; and what happens while nobody is told is compacted away.
    const writing = churn.createPods(150);
    await api.kill();
    const changed = range(100, 200).map((n) => planted(n, { labels: { app: 'changed' } }));
    await api.plant(new Map([...changed, planted(PLANTED)]), range(0, 40).map(keyOf));
    await api.compact();
    await api.restart();
    await writing;
    await churn.shake(200, 40);
    await level();
    expect(followed.listings()).toBeGreaterThan(before);

    await churn.createPods(150);
    await churn.shake(300, 60);
    for (const n of range(4, NODES)) await churn.changeNode(n);
    await level();
    expect(churn.done.created + churn.done.changed + churn.done.deleted).toBeGreaterThan(1900);
    // What the server refused while it began is asked again by pauses of its own.
    await followed.until(async () => (await followed.read.scopes()).every((scope) => scope.detailErrors.length === 0));

    const rows = await followed.rows();
    const names = { source: followed.source, cluster, clusterName: 'real' };
    const expected = await expectedRows(api, names, churn.gone, new Map([['node-3', 'eu-west-1a']]));
    const ofChurn = [...rows].filter(([, { namespace }]) => namespace !== 'shop');
    expect(ofChurn.length).toBe(expected.size);
    expect(differences(expected, rows)).toEqual([]);

    const { rows: anew, unknown } = await followed.listedAnew();
    expect([...rows.keys()].sort()).toEqual([...anew.keys()].sort());
    // What cannot be asked any more stays as it was known.
    const listedRows = [...anew].map(([uid, row]): [string, Partial<Resource>] => {
      const left = unknown.get(uid);
      if (!left) return [uid, row];
      return [
        uid,
        Object.fromEntries(Object.entries(row).filter(([field]) => field !== 'raw' && !left.includes(field))),
      ];
    });
    expect(differences(new Map(listedRows), rows)).toEqual([]);
    expect([...rows.values()].filter(({ tags }) => tags.app === 'changed')).toHaveLength(100);
    expect(compared).toBeGreaterThan(100_000);
  });

  it('fault 37: a version that the server forgot while it was dead lists anew, and what went meanwhile is gone', async () => {
    const { folder, remove } = await scratch();
    onTestFinished(remove);
    // Of one who is known without the server's tables of roles: those come later than the server.
    const kubeconfig = await writeKubeconfig(folder, [realContext(api, api.tokens.admin)]);
    const reasons: unknown[] = [];
    const log = { ...silentLogger, info: (event: string, fields?: object) => void reasons.push({ event, ...fields }) };
    const environment = { source: 'k', log, clock: systemClock, random: Math.random };
    const connection = await adapter.open(kubernetes.config.parse({ kubeconfig }), environment);
    onTestFinished(() => connection.close());
    const [, pods] = await scopesOf(connection);
    if (!pods || !connection.watch) throw new Error('no watch of pods');
    const stop = new AbortController();
    onTestFinished(() => stop.abort());
    const sizes: number[] = [];
    for await (const event of connection.watch(pods, { signal: stop.signal })) {
      if (event.type !== 'listing') continue;
      let size = 0;
      for await (const batch of event.batches) size += batch.resources.length;
      if (sizes.push(size) === 2) break;
      await api.kill();
      await api.plant(new Map(), range(300, 310).map(keyOf));
      await api.compact();
      await api.restart();
    }
    expect(sizes).toEqual([sizes[0], (sizes[0] ?? 0) - 10]);
    expect(reasons).toContainEqual({ event: 'watch.relisting', cluster: 'real', part: 'pods', reason: 'expired' });
  });

  /** The fields that are not as they should be. */
  function differences(wanted: ReadonlyMap<string, Partial<Resource>>, rows: ReadonlyMap<string, Resource>): unknown[] {
    const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value ?? null));
    const found: unknown[] = [];
    for (const [uid, fields] of wanted)
      for (const [field, should] of Object.entries(fields)) {
        const is = rows.get(uid)?.[field as keyof Resource];
        compared++;
        if (!isDeepStrictEqual(plain(is), plain(should))) found.push({ uid, field, is, should });
      }
    return found;
  }

  /** Whatever was written before is in the store once this came and went: watches tell in order. */
  async function level(): Promise<void> {
    const name = `mark-${marks++}`;
    const container = { name: 'app', image: 'registry.example/mark:1' };
    for (const [path, spec, end] of [
      ['/api/v1/nodes', {}, ''],
      ['/api/v1/namespaces/default/pods', { containers: [container], automountServiceAccountToken: false }, '/app'],
    ] as const) {
      const made = await api.ask<{ metadata: { uid: string } }>('POST', path, { metadata: { name }, spec });
      const uid = `${cluster}/${made.metadata.uid}${end}`;
      const removed = async () => (await followed.read.resource(uid))?.row.removedAt;
      await followed.until(async () => (await removed()) === null);
      await api.ask('DELETE', `${path}/${name}?gracePeriodSeconds=0`);
      await followed.until(async () => typeof (await removed()) === 'string');
    }
  }
});

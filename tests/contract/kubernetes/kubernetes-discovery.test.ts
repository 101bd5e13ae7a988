import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { type Environment, ProviderError } from '#providers/contract.ts';
import { connect } from '#providers/kubernetes/adapter.ts';
import { httpClient } from '#providers/kubernetes/client/client-http.ts';
import type { ClusterSource } from '#providers/kubernetes/clusters/cluster-source.ts';
import { cloudCluster } from '#providers/kubernetes/clusters/cluster-source.ts';
import { inCluster } from '#providers/kubernetes/clusters/in-cluster.ts';
import { foundMembers } from '#providers/kubernetes/clusters/members.ts';
import { kubernetes } from '#providers/kubernetes/index.ts';
import { AUTHORITY, CERTIFICATES, SERVER_KEY } from '#tests/fakes/tls.ts';
import { kubeconfigText, list } from '#tests/support/kubernetes/kubernetes.ts';
import { type KubeRig, kubeRig } from '#tests/support/kubernetes/kubernetes-rig.ts';
import { silentLogger } from '#tests/support/log.ts';

const tls = { key: SERVER_KEY, cert: CERTIFICATES.good };

describe('discovery of clusters', () => {
  let rig: KubeRig;
  let env: Environment;
  beforeEach(async () => {
    rig = await kubeRig();
    env = { source: 'k', log: silentLogger, clock: rig.clock, random: () => 0.5 };
  });

  const over = (...sources: ClusterSource[]) => {
    const members = foundMembers(
      sources,
      ({ id, ...cluster }) => httpClient({ ...cluster, context: id, clock: rig.clock, timeoutMs: 2000 }),
      env,
    );
    const connection = connect(members, env);
    onTestFinished(() => connection.close());
    return connection;
  };

  it('fault 44: a cluster that comes back is found', async () => {
    const api = await rig.serve();
    await api.close();
    const connection = await rig.open([{ name: 'prod', server: api.url }]);
    expect(await rig.discover(connection)).toMatchObject({ scopes: [], dead: [{ name: 'prod' }] });
    await rig.clock.advance(6000);
    const back = await rig.serve({ port: Number(new URL(api.url).port) });
    expect(await rig.discover(connection)).toMatchObject({ dead: [], scopes: [{ part: 'nodes' }, { part: 'pods' }] });
    expect(back.requests.length).toBeGreaterThan(0);
  });

  it('fault 104: of two contexts of one cluster the one that may list is asked for it, whichever is first', async () => {
    const api = await rig.serve();
    const forbidden = JSON.stringify({
      kind: 'Status',
      apiVersion: 'v1',
      status: 'Failure',
      reason: 'Forbidden',
      code: 403,
    });
    for (const [token, action] of [
      ['no-pods', 'list pods'],
      ['no-nodes', 'list nodes'],
    ])
      api.fault({
        when: (request) => request.action === action && request.headers.authorization === `Bearer ${token}`,
        times: 1000,
        answer: { status: 403, headers: { 'content-type': 'application/json' }, body: forbidden },
      });
    const contexts = ['no-pods', 'no-nodes'].map((token) => ({ name: token, server: api.url, user: { token } }));
    for (const order of [contexts, contexts.toReversed()]) {
      const connection = await rig.open(order);
      const { scopes } = await rig.discover(connection);
      expect(scopes.map(({ part }) => part)).toEqual(['nodes', 'pods']);
      const clusters = new Set<string | null>();
      for (const scope of scopes) {
        const first = await list(connection, scope);
        const listing = first.complete ? first : await list(connection, scope);
        expect(listing).toMatchObject({ complete: true });
        for (const row of listing.resources.values()) clusters.add(row.cluster);
        expect(listing.resources.size).toBe(1);
      }
      // It is called what it was called before, whoever was asked.
      expect(clusters.size).toBe(1);
    }
  });

  it('fault 44: after a restart, a cluster that does not answer is still the one that it was', async () => {
    const api = await rig.serve();
    const contexts = [{ name: 'prod', server: api.url }];
    const { scopes } = await rig.discover(await rig.open(contexts));
    await api.close();
    const connection = await rig.open(contexts);
    const later = await rig.discover(connection, scopes);
    expect(later).toEqual({ scopes, dead: [], error: undefined });
    const [scope] = scopes;
    if (!scope) throw new Error('no scope');
    expect(await list(connection, scope)).toMatchObject({ complete: false, reason: { kind: 'network' } });
    // Of another name, it may be any cluster.
    const renamed = await rig.discover(await rig.open([{ name: 'prod-2', server: api.url }]), scopes);
    expect(renamed).toMatchObject({ scopes: [], dead: [{ name: 'prod-2' }] });
  });

  it('asks a dead cluster again only after a pause of its own, which doubles', async () => {
    const attempts: number[] = [];
    const dead: ClusterSource = {
      name: 'test',
      async *discover() {
        const refused = (reason: string) => new ProviderError('config', 'dead', reason);
        const token = async () => {
          attempts.push(rig.clock.monotonic());
          return 'tok';
        };
        yield cloudCluster(
          { id: 'dead', name: 'dead', labels: {}, server: 'https://127.0.0.1:1', ca: null, token },
          refused,
        );
      },
    };
    const connection = over(dead);
    for (let second = 0; second < 60; second++) {
      await rig.discover(connection);
      await rig.clock.advance(1000);
    }
    // Each attempt asks for the credential once before it connects and once with it.
    const moments = [...new Set(attempts)];
    expect(moments.length).toBeLessThan(8);
    const gaps = moments.slice(1).map((at, i) => at - (moments[i] ?? 0));
    for (const [i, gap] of gaps.slice(1).entries()) expect(gap).toBeGreaterThan(1.5 * (gaps[i] ?? 0));
  });

  it('goes by another way to a cluster whose first way is refused', async () => {
    const api = await rig.serve({ tokens: ['one', 'two'] });
    const connection = await rig.open([
      { name: 'one', server: api.url, user: { token: 'one' } },
      { name: 'two', server: api.url, user: { token: 'two' } },
    ]);
    const { scopes } = await rig.discover(connection);
    expect(scopes).toHaveLength(2);
    for (const token of ['one', 'two']) {
      api.tokens = [token];
      for (const scope of scopes) expect((await list(connection, scope)).complete).toBe(true);
    }
  });

  it('is one cluster, however many sources find it', async () => {
    const api = await rig.serve({ tls, tokens: ['cloud', 'kube'] });
    const ca = AUTHORITY;
    const cloud: ClusterSource = {
      name: 'eks 123456789012 eu-west-1',
      async *discover() {
        const labels = { account: '123456789012', region: 'eu-west-1' };
        const refused = (reason: string) => new ProviderError('config', 'eks', reason);
        yield cloudCluster(
          { id: 'arn:prod', name: 'prod', labels, server: `${api.url}/`, ca, token: async () => 'cloud' },
          refused,
        );
      },
    };
    const again: ClusterSource = { ...cloud, name: 'again', discover: (call) => renamed(cloud.discover(call)) };
    const { scopes, error } = await rig.discover(over(cloud, again));
    expect(error).toBeUndefined();
    expect(scopes.map(({ account }) => account)).toEqual(['cluster-uid', 'cluster-uid']);
    expect(scopes[0]?.label).toBe('prod nodes (123456789012 eu-west-1)');
  });

  it('is a failed discovery that names the account when a cloud refuses to list, and the others are found', async () => {
    const api = await rig.serve({ tls });
    const refused: ClusterSource = {
      name: 'eks 210987654321 eu-west-1',
      // biome-ignore lint/correctness/useYield: it is refused before the first one
      async *discover() {
        throw new ProviderError('permission', '210987654321 eu-west-1', 'not allowed to eks:ListClusters');
      },
    };
    const found: ClusterSource = {
      name: 'found',
      async *discover() {
        const none = (reason: string) => new ProviderError('config', 'found', reason);
        const token = async () => 'tok';
        yield cloudCluster({ id: 'a', name: 'a', labels: {}, server: api.url, ca: AUTHORITY, token }, none);
        yield {
          id: 'private',
          name: 'private',
          labels: {},
          problem: new ProviderError('network', 'private', 'no public address'),
        };
      },
    };
    const { scopes, dead, error } = await rig.discover(over(refused, found));
    expect(scopes).toHaveLength(2);
    expect(dead).toMatchObject([
      { name: 'private', error: { kind: 'network', message: 'private: no public address' } },
    ]);
    expect(error).toMatchObject({ kind: 'permission', message: expect.stringContaining('210987654321') });
  });

  it('fault 7: in a cluster, the token of the pod is read again as it is rotated', async () => {
    const api = await rig.serve({ tls, tokens: ['first'] });
    const folder = path.join(rig.folder, 'serviceaccount');
    await mkdir(folder);
    await writeFile(path.join(folder, 'ca.crt'), AUTHORITY);
    await writeFile(path.join(folder, 'token'), 'first\n');
    const config = kubernetes.config.parse({ inCluster: true, endpoint: api.url });
    const connection = over(inCluster(config, env, folder));
    const { scopes, error } = await rig.discover(connection);
    expect(error).toBeUndefined();
    expect(scopes.map(({ label }) => label)).toEqual(['in-cluster nodes', 'in-cluster pods']);
    await writeFile(path.join(folder, 'token'), 'second\n');
    api.tokens = ['second'];
    for (const scope of scopes) expect((await list(connection, scope)).complete).toBe(true);
  });

  it('lists on through a kubeconfig whose credential was exchanged', async () => {
    const api = await rig.serve({ tokens: ['old'] });
    const connection = await rig.open([{ name: 'a', server: api.url, user: { token: 'old' } }]);
    const { scopes } = await rig.discover(connection);
    await writeFile(
      path.join(rig.folder, 'config'),
      kubeconfigText([{ name: 'a', server: api.url, user: { token: 'new' } }]),
    );
    api.tokens = ['new'];
    for (const scope of scopes) expect(await list(connection, scope)).toMatchObject({ reason: { kind: 'auth' } });
    expect((await rig.discover(connection)).scopes).toEqual(scopes);
    for (const scope of scopes) expect((await list(connection, scope)).complete).toBe(true);
  });
});

async function* renamed(clusters: ReturnType<ClusterSource['discover']>): ReturnType<ClusterSource['discover']> {
  for await (const cluster of clusters) yield { ...cluster, id: `${cluster.id} again` };
}

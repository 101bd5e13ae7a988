import { beforeEach, describe, expect, it } from 'vitest';
import { AUTHORITY, CERTIFICATES, SERVER_KEY } from '#tests/fakes/tls.ts';
import { list, scopesOf } from '#tests/support/kubernetes/kubernetes.ts';
import { type KubeRig, kubeRig } from '#tests/support/kubernetes/kubernetes-rig.ts';

const caData = Buffer.from(AUTHORITY).toString('base64');

describe('clusters of a kubeconfig', () => {
  let rig: KubeRig;
  beforeEach(async () => {
    rig = await kubeRig();
  });

  it('has two scopes for each cluster, named by the uid of kube-system', async () => {
    const a = await rig.serve({ uid: 'uid-a' });
    const b = await rig.serve({ uid: 'uid-b' });
    const connection = await rig.open(
      [
        { name: 'prod', server: a.url },
        { name: 'dev', server: b.url },
      ],
      { names: { dev: 'Playground' } },
    );
    const scopes = await scopesOf(connection);
    expect(scopes.map((scope) => scope.id).sort()).toEqual([
      'k/uid-a/*/nodes',
      'k/uid-a/*/pods',
      'k/uid-b/*/nodes',
      'k/uid-b/*/pods',
    ]);
    expect(scopes.find((scope) => scope.id === 'k/uid-b/*/pods')).toMatchObject({
      account: 'uid-b',
      kind: 'container',
      label: 'Playground pods',
    });
  });

  it('is one cluster through however many contexts', async () => {
    const api = await rig.serve();
    const connection = await rig.open([
      { name: 'a', server: api.url },
      // Another name for the same server: only its uid tells.
      { name: 'b', server: api.url.replace('127.0.0.1', 'localhost') },
      { name: 'c', server: api.url },
    ]);
    expect(await scopesOf(connection)).toHaveLength(2);
  });

  it('lists only the contexts that are named, and refuses one that is not there', async () => {
    const a = await rig.serve({ uid: 'uid-a' });
    const b = await rig.serve({ uid: 'uid-b' });
    const contexts = [
      { name: 'prod', server: a.url },
      { name: 'dev', server: b.url },
    ];
    expect((await scopesOf(await rig.open(contexts, { contexts: ['dev'] }))).map((scope) => scope.account)).toEqual([
      'uid-b',
      'uid-b',
    ]);
    expect(a.requests).toEqual([]);
    const { error } = await rig.discover(await rig.open(contexts, { contexts: ['staging'] }));
    expect(error).toMatchObject({ kind: 'config', message: 'k: kubeconfig: it has no context staging' });
  });

  it('fault 44: clusters that are out of reach delay and hide no other', async () => {
    const reachable = await Promise.all(Array.from({ length: 20 }, (_, i) => rig.serve({ uid: `uid-${i}` })));
    const contexts = reachable.map((api, i) => ({ name: `up-${i}`, server: api.url }));
    // Nothing listens on port 1.
    for (let i = 0; i < 30; i++) contexts.push({ name: `down-${i}`, server: `http://127.0.0.1:1/${i}` });
    const connection = await rig.open(contexts);
    const { scopes, dead, error } = await rig.discover(connection);
    expect(new Set(scopes.map((scope) => scope.account)).size).toBe(20);
    expect(dead.map(({ name }) => name).sort()).toEqual(
      contexts
        .slice(20)
        .map(({ name }) => name)
        .sort(),
    );
    expect(dead[0]?.error).toMatchObject({ kind: 'network', message: expect.stringMatching(/^cluster down-/) });
    expect(error).toBeUndefined();
    for (const api of reachable) expect(api.connections).toBe(1);
  });

  it('fault 44: a known cluster that is out of reach stays known', async () => {
    const api = await rig.serve();
    const connection = await rig.open([{ name: 'prod', server: api.url }]);
    const before = await scopesOf(connection);
    await api.close();
    const { scopes, error } = await rig.discover(connection);
    expect(scopes).toEqual(before);
    expect(error).toBeUndefined();
  });

  it('keeps to one pool of connections, however many lists', async () => {
    const api = await rig.serve({ tls: { key: SERVER_KEY, cert: CERTIFICATES.good } });
    const connection = await rig.open([
      { name: 'prod', server: api.url, cluster: { 'certificate-authority-data': caData } },
    ]);
    const scopes = await scopesOf(connection);
    for (let i = 0; i < 20; i++)
      for (const scope of scopes) expect((await list(connection, scope)).complete).toBe(true);
    expect(api.requests.length).toBeGreaterThan(40);
    expect(api.connections).toBeLessThanOrEqual(6);
  });
});

import { expect, it, onTestFinished } from 'vitest';
import { type Environment, ProviderError } from '#providers/contract.ts';
import { connect } from '#providers/kubernetes/adapter.ts';
import { httpClient } from '#providers/kubernetes/client/client-http.ts';
import { type ClusterSource, cloudCluster } from '#providers/kubernetes/clusters/cluster-source.ts';
import { foundMembers } from '#providers/kubernetes/clusters/members.ts';
import { AUTHORITY, CERTIFICATES, SERVER_KEY } from '#tests/fakes/tls.ts';
import { list } from '#tests/support/kubernetes/kubernetes.ts';
import { type KubeRig, kubeRig } from '#tests/support/kubernetes/kubernetes-rig.ts';
import { silentLogger } from '#tests/support/log.ts';

const tls = { key: SERVER_KEY, cert: CERTIFICATES.good };

/** A process that begins, with what it finds. */
function begin(rig: KubeRig, source: ClusterSource) {
  const env: Environment = { source: 'k', log: silentLogger, clock: rig.clock, random: () => 0.5 };
  const members = foundMembers(
    [source],
    ({ id, ...cluster }) => httpClient({ ...cluster, context: id, clock: rig.clock, timeoutMs: 2000 }),
    env,
  );
  const connection = connect(members, env);
  onTestFinished(() => connection.close());
  return connection;
}

/** A cluster of a cloud: many are called the same in other regions. */
const prodIn = (region: string, server: string) =>
  cloudCluster(
    { id: `arn:${region}`, name: 'prod', labels: { region }, server, ca: AUTHORITY, token: async () => 'tok' },
    (reason) => new ProviderError('config', 'prod', reason),
  );

it('after a restart, two dead clusters of one name are not taken for each other, and neither is gone when one comes back', async () => {
  const rig = await kubeRig();
  const eu = await rig.serve({ uid: 'uid-z', tls });
  const us = await rig.serve({ uid: 'uid-a', tls });
  const source: ClusterSource = {
    name: 'test',
    async *discover() {
      yield prodIn('eu', eu.url);
      yield prodIn('us', us.url);
    },
  };
  const ids = (scopes: readonly { id: string }[]) => scopes.map(({ id }) => id).sort();
  const before = await rig.discover(begin(rig, source));
  expect(before.scopes).toHaveLength(4);
  const known = before.scopes.toSorted((a, b) => (a.id < b.id ? -1 : 1));
  await Promise.all([eu.close(), us.close()]);
  const connection = begin(rig, source);
  const dead = await rig.discover(connection, known);
  expect(dead).toMatchObject({ error: undefined, dead: [] });
  expect(dead.scopes.toSorted((a, b) => (a.id < b.id ? -1 : 1))).toEqual(known);
  await rig.serve({ uid: 'uid-a', tls, port: Number(new URL(us.url).port) });
  await rig.clock.advance(10_000);
  const after = await rig.discover(connection, known);
  expect(after).toMatchObject({ error: undefined, dead: [] });
  expect(ids(after.scopes)).toEqual(ids(known));
});

it('after a restart, clusters of a cloud that refuses the list say so, and it is not asked again for each of them', async () => {
  const rig = await kubeRig();
  const api = await rig.serve({ uid: 'uid-a', tls });
  let refused = false;
  let asked = 0;
  const source: ClusterSource = {
    name: 'test',
    async *discover() {
      asked++;
      if (refused) throw new ProviderError('permission', '123456789012 eu-west-1', 'may not list clusters');
      yield prodIn('eu', api.url);
    },
  };
  const { scopes } = await rig.discover(begin(rig, source));
  refused = true;
  asked = 0;
  const connection = begin(rig, source);
  expect(await rig.discover(connection, scopes)).toMatchObject({ scopes: [], error: { kind: 'permission' } });
  for (const scope of [...scopes, ...scopes])
    expect(await list(connection, scope)).toMatchObject({
      complete: false,
      reason: { kind: 'permission', message: expect.stringContaining('123456789012 eu-west-1: may not list clusters') },
    });
  expect(asked).toBe(1);
});

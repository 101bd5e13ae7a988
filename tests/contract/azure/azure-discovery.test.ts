import { describe, expect, it, onTestFinished } from 'vitest';
import { z } from 'zod';
import { openFleet } from '#lib/demo/index.ts';
import { azure } from '#providers/azure/index.ts';
import { type AksCluster, openAks } from '#providers/clouds/azure/client-aks.ts';
import { azureAccessShape } from '#providers/clouds/azure/options.ts';
import { UnseenAccounts } from '#providers/contract.ts';
import policy from '#providers/kubernetes/permissions-aks.json' with { type: 'json' };
import { AZURE_TOKEN, armFailure, azureCloud } from '#tests/fakes/azure.ts';
import { testClock } from '#tests/fakes/clock.ts';
import { json, startFake } from '#tests/fakes/server.ts';

const fleet = openFleet({ seed: 11, resources: 60_000, faults: false });
const ids = fleet.accounts('azure').map(({ id }) => id);
const call = () => ({ signal: new AbortController().signal });

async function rig() {
  const clock = testClock();
  const cloud = azureCloud();
  const logs: string[] = [];
  const write = (...entry: unknown[]) => void logs.push(JSON.stringify(entry));
  const fake = await startFake(cloud, { fleet, now: () => clock.now() });
  onTestFinished(() => fake.close());
  const log = { debug: write, info: write, warn: write, error: write };
  const env = { source: 'azure', clock, random: () => 0.5, log };
  const access = { endpoint: fake.url, token: AZURE_TOKEN, timeout: 10 };
  return {
    fake,
    cloud,
    logs,
    async connect(discover: object = {}, more: object = {}) {
      const connection = await (await azure.load()).open(azure.config.parse({ ...access, discover, ...more }), env);
      onTestFinished(() => connection.close());
      return connection;
    },
    aks() {
      const aks = openAks(z.strictObject(azureAccessShape).parse({ ...access, discover: {} }), env);
      onTestFinished(() => aks.close());
      return aks;
    },
  };
}

type Rig = Awaited<ReturnType<typeof rig>>;

async function accountsOf(connection: Awaited<ReturnType<Rig['connect']>>): Promise<string[]> {
  const scopes = await Array.fromAsync(connection.scopes(call()));
  return [...new Set(scopes.map(({ account }) => account))];
}

describe('subscriptions of Azure', () => {
  it('are found without naming one, over all pages', async () => {
    const { connect } = await rig();
    expect(ids.length).toBeGreaterThan(2);
    expect(await accountsOf(await connect())).toEqual([...ids].sort());
  });

  it('that are disabled, or excluded, are left out', async () => {
    const { connect, cloud } = await rig();
    const [disabled = '', excluded = '', ...rest] = ids;
    cloud.disabled = [disabled];
    expect(await accountsOf(await connect({ exclude: [excluded] }))).toEqual([...rest].sort());
  });

  it('of the management groups that are named are found, and no others', async () => {
    const { connect, cloud } = await rig();
    const [first = '', second = ''] = ids;
    cloud.groups = { prod: [first], shared: [second] };
    expect(await accountsOf(await connect({ managementGroups: ['prod', 'shared'] }))).toEqual([first, second].sort());
  });

  it('of another tenant than the configured one are not ours, and none at all are no access rather than gone', async () => {
    const { connect, cloud } = await rig();
    cloud.pretend = '99999999-9999-4999-8999-999999999999';
    const connection = await connect({}, { tenant: cloud.tenant(fleet) });
    await expect(accountsOf(connection)).rejects.toMatchObject({ kind: 'permission' });
  });

  it('a management group that may not be read fails the discovery, by its name', async () => {
    const { connect } = await rig();
    const connection = await connect({ managementGroups: ['nobody'] });
    await expect(Array.fromAsync(connection.scopes(call()))).rejects.toMatchObject({
      message: expect.stringContaining('nobody'),
    });
  });
});

describe('AKS', () => {
  const wanted = fleet.clusters().filter(({ cloud }) => cloud === 'azure');
  const local = wanted.filter(({ index }) => index % 9 === 2);

  it('finds every cluster with address and certificate, and leaves the rest of its kubeconfig alone', async () => {
    const { aks, fake, logs } = await rig();
    const found = await Array.fromAsync(aks().clusters(call()));
    expect(wanted.length).toBeGreaterThan(3);
    expect(found.map(({ name }) => name).sort()).toEqual(wanted.map(({ name }) => name).sort());
    const usable = found.filter(({ problem }) => problem === null);
    for (const { name, endpoint, ca } of usable)
      expect([endpoint, ca]).toEqual([`https://${name}.azmk8s.io:443`, `CA of ${name}`]);
    expect(usable).toHaveLength(wanted.length - local.length);
    expect(fake.requests.some(({ action }) => action.includes('listClusterUserCredential'))).toBe(true);
    expect(JSON.stringify(found) + logs.join()).not.toContain('client-key');
  });

  it('says of a cluster with local accounts only that its certificate would be too much, and does not ask for it', async () => {
    const { aks, fake } = await rig();
    const found = await Array.fromAsync(aks().clusters(call()));
    const refused = found.filter(({ problem }) => problem?.kind === 'auth');
    expect(local.length).toBeGreaterThan(0);
    expect(refused.map(({ name }) => name).sort()).toEqual(local.map(({ name }) => name).sort());
    for (const { name } of local) expect(fake.requests.some(({ path }) => path.includes(`/${name}/`))).toBe(false);
  });

  it('a subscription that is denied is named and hides nobody; one without the service has no clusters', async () => {
    const { aks, fake } = await rig();
    const [denied = '', without = ''] = ids;
    const listOf = (sub: string) => (request: { path: string }) =>
      request.path === `/subscriptions/${sub}/providers/Microsoft.ContainerService/managedClusters`;
    fake.script({ when: listOf(denied), reply: armFailure(403, 'AuthorizationFailed') });
    fake.script({ when: listOf(without), reply: armFailure(409, 'MissingSubscriptionRegistration') });
    const found: AksCluster[] = [];
    const error = await (async () => {
      for await (const cluster of aks().clusters(call())) found.push(cluster);
    })().catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(UnseenAccounts);
    if (error instanceof UnseenAccounts) expect([...error.accounts.keys()]).toEqual([denied]);
    const others = wanted.filter(({ place }) => ![denied, without].includes(place.account.id));
    expect(found).toHaveLength(others.length);
  });

  it('a cluster whose address may not be asked for says so, beside the others', async () => {
    const { aks, fake } = await rig();
    const one = wanted.find((cluster) => !local.includes(cluster));
    fake.script({
      when: ({ path, method }) => method === 'POST' && path.includes(`/${one?.name}/`),
      reply: json({ error: { code: 'AuthorizationFailed', message: 'no' } }, 403),
    });
    const found = await Array.fromAsync(aks().clusters(call()));
    expect(found.find(({ name }) => name === one?.name)?.problem).toMatchObject({ kind: 'permission' });
    expect(found).toHaveLength(wanted.length);
  });

  it('asks only what its policy names', async () => {
    const { aks, fake, cloud } = await rig();
    cloud.groups = { prod: ids };
    await Array.fromAsync(aks().clusters(call()));
    const asked = new Set(fake.requests.map(({ action }) => action).filter((a) => a.includes('ContainerService')));
    expect([...asked].sort()).toEqual(policy.Actions);
  });
});

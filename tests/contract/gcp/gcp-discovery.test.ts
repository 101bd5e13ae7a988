import { readFileSync } from 'node:fs';
import { describe, expect, it, onTestFinished } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { openFleet } from '#lib/demo/index.ts';
import { type GkeCluster, openGke } from '#providers/clouds/gcp/client-gke.ts';
import { gcpAccessShape } from '#providers/clouds/gcp/options.ts';
import { UnseenAccounts } from '#providers/contract.ts';
import { gcp } from '#providers/gcp/index.ts';
import { testClock } from '#tests/fakes/clock.ts';
import { GCP_TOKEN, gcpCloud, googleError } from '#tests/fakes/gcp.ts';
import { json, startFake } from '#tests/fakes/server.ts';
import { listCloud } from '#tests/support/cloud.ts';
import { silentLogger } from '#tests/support/log.ts';

const fleet = openFleet({ seed: 11, resources: 30_000, faults: false });
const ids = fleet.accounts('gcp').map(({ id }) => id);
const call = () => ({ signal: new AbortController().signal });

async function rig() {
  const clock = testClock();
  const cloud = gcpCloud();
  const fake = await startFake(cloud, { fleet, now: () => clock.now() });
  onTestFinished(() => fake.close());
  const env = { source: 'google', clock, random: () => 0.5, log: silentLogger };
  const access = { endpoint: fake.url, token: GCP_TOKEN, timeout: 10 };
  return {
    fake,
    cloud,
    clock,
    async connect(discover: object = {}) {
      const connection = await (await gcp.load()).open(gcp.config.parse({ ...access, discover }), env);
      onTestFinished(() => connection.close());
      return connection;
    },
    gke() {
      const gke = openGke(z.strictObject(gcpAccessShape).parse({ ...access, discover: {} }), env);
      onTestFinished(() => gke.close());
      return gke;
    },
  };
}

describe('projects of Google Cloud', () => {
  it('are found without naming one; those of Apps Script are left out', async () => {
    const { connect, fake } = await rig();
    const scopes = await Array.fromAsync((await connect()).scopes(call()));
    expect(scopes.map(({ account }) => account)).toEqual([...ids].sort());
    expect(fake.requests[0]?.query.get('query')).toBe('state:ACTIVE');
  });

  it('are searched with the query of the configuration, and left out by pattern', async () => {
    const { connect, fake } = await rig();
    const [first = ''] = ids;
    const query = 'state:ACTIVE labels.env:prod';
    const connection = await connect({ query, exclude: ['sys-*', `${first.slice(0, -2)}*`] });
    const scopes = await Array.fromAsync(connection.scopes(call()));
    expect(scopes.map(({ account }) => account)).not.toContain(first);
    expect(scopes).toHaveLength(ids.length - 1);
    expect(fake.requests[0]?.query.get('query')).toBe(query);
  });

  it('a search that is denied finds nothing, and the permission says so', async () => {
    const { connect, fake } = await rig();
    const denied = googleError(403, 'forbidden', 'The caller does not have permission');
    fake.script({ when: ({ action }) => action === 'resourcemanager.projects.get', reply: denied });
    const connection = await connect();
    await expect(Array.fromAsync(connection.scopes(call()))).rejects.toMatchObject({ kind: 'permission' });
    const permissions = await Array.fromAsync(connection.permissions(call()));
    expect(permissions).toMatchObject([{ action: 'resourcemanager.projects.get', state: 'denied' }]);
    const file = new URL('../../../providers/gcp/permissions-discovery.yaml', import.meta.url);
    expect(parse(readFileSync(file, 'utf8')).includedPermissions).toEqual([permissions[0]?.action]);
  });

  it('a search that finds nothing is no access, never an organisation whose projects are all gone', async () => {
    const { connect, fake } = await rig();
    fake.script({ when: ({ action }) => action === 'resourcemanager.projects.get', reply: json({}) });
    const connection = await connect();
    await expect(Array.fromAsync(connection.scopes(call()))).rejects.toMatchObject({ kind: 'permission' });
    expect(await Array.fromAsync(connection.permissions(call()))).toMatchObject([{ state: 'denied' }]);
  });

  it('fault 14: a search without a list is no answer', async () => {
    const { connect, fake } = await rig();
    fake.script({ when: ({ action }) => action === 'resourcemanager.projects.get', reply: json({ kind: 'x' }) });
    await expect(Array.fromAsync((await connect()).scopes(call()))).rejects.toMatchObject({ kind: 'bad-reply' });
  });

  it('without the Compute Engine API are off, not empty, and are asked again after an hour', async () => {
    const { connect, cloud, clock, fake } = await rig();
    const [first = ''] = ids;
    cloud.off = [first];
    const connection = await connect();
    const scopes = await Array.fromAsync(connection.scopes(call()));
    const scope = scopes.find(({ account }) => account === first);
    if (!scope) throw new Error('no scope');
    const asked = () => fake.requests.filter(({ path }) => path.includes(`/${first}/`)).length;
    expect((await listCloud(connection, scope)).error).toMatchObject({ kind: 'disabled' });
    expect((await listCloud(connection, scope)).error).toMatchObject({ kind: 'disabled' });
    expect(asked()).toBe(1);
    cloud.off = [];
    clock.advance(61 * 60_000);
    const { rows, error } = await listCloud(connection, scope);
    expect(error).toBeNull();
    expect(rows.length).toBeGreaterThan(0);
  });
});

describe('GKE', () => {
  const wanted = fleet.clusters().filter(({ cloud }) => cloud === 'gcp');

  it('finds every cluster of every project, by its DNS endpoint where that takes outside traffic', async () => {
    const { gke, fake } = await rig();
    const found = await Array.fromAsync(gke().clusters(call()));
    const file = new URL('../../../providers/kubernetes/permissions-gke.yaml', import.meta.url);
    const asked = new Set(fake.requests.map(({ action }) => action));
    expect([...asked].sort()).toEqual(parse(readFileSync(file, 'utf8')).includedPermissions);
    expect(wanted.length).toBeGreaterThan(3);
    expect(found.map(({ project, name }) => `${project}/${name}`).sort()).toEqual(
      wanted.map(({ place, name }) => `${place.account.id}/${name}`).sort(),
    );
    const byDns = found.filter(({ endpoint }) => endpoint?.endsWith('.gke.goog'));
    expect(byDns.every(({ ca }) => ca === null)).toBe(true);
    const byAddress = found.filter((cluster) => !byDns.includes(cluster));
    expect([byDns.length > 0, byAddress.length > 0]).toEqual([true, true]);
    for (const { ca, name } of byAddress) expect(ca).toBe(`CA of ${name}`);
  });

  it('a project without the API has no clusters; one that is denied is named and hides nobody', async () => {
    const { gke, cloud, fake } = await rig();
    const [off = '', denied = ''] = ids;
    cloud.off = [off];
    fake.script({
      when: ({ path }) => path.startsWith(`/v1/projects/${denied}/`),
      reply: googleError(403, 'forbidden', "Required 'container.clusters.list' permission"),
    });
    const { found, error } = await discover(gke());
    expect(error).toBeInstanceOf(UnseenAccounts);
    if (error instanceof UnseenAccounts) expect([...error.accounts.keys()]).toEqual([denied]);
    const others = wanted.filter(({ place }) => ![off, denied].includes(place.account.id));
    expect(found.map(({ name }) => name).sort()).toEqual(others.map(({ name }) => name).sort());
  });

  it('zones that GKE could not reach make the project unseen, beside what it has told', async () => {
    const { gke, fake } = await rig();
    const project = wanted[0]?.place.account.id ?? '';
    fake.script({
      when: ({ path }) => path.startsWith(`/v1/projects/${project}/`),
      reply: async (_, real) => {
        const reply = await real();
        return json({ ...JSON.parse(String(reply.body)), missingZones: ['europe-west1-b'] });
      },
    });
    const { found, error } = await discover(gke());
    expect(found).toHaveLength(wanted.length);
    expect(error).toMatchObject({ message: expect.stringContaining('europe-west1-b') });
  });

  it('gives the access token of Google to the cluster', async () => {
    const { gke, clock } = await rig();
    const open = gke();
    const [cluster] = await Array.fromAsync(open.clusters(call()));
    if (!cluster) throw new Error('no cluster');
    expect(await open.token(cluster, call())).toEqual({ token: GCP_TOKEN, expiresAt: clock.now() + 4 * 60_000 });
  });
});

async function discover(gke: ReturnType<typeof openGke>): Promise<{ found: GkeCluster[]; error: unknown }> {
  const found: GkeCluster[] = [];
  try {
    for await (const cluster of gke.clusters(call())) found.push(cluster);
    return { found, error: null };
  } catch (error) {
    return { found, error };
  }
}

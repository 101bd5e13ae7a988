import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { openFleet } from '#lib/demo/index.ts';
import { awsCloud } from '#tests/fakes/aws.ts';
import { AZURE_TOKEN, azureCloud } from '#tests/fakes/azure.ts';
import { GCP_TOKEN, gcpCloud, googleError } from '#tests/fakes/gcp.ts';
import type { ApiServer } from '#tests/fakes/kube-apiserver.ts';
import { type FakeCloud, type FakeServer, json, startFake } from '#tests/fakes/server.ts';
import { AUTHORITY, CERTIFICATES, SERVER_KEY } from '#tests/fakes/tls.ts';
import { list, openSource } from '#tests/support/kubernetes/kubernetes.ts';
import { type KubeRig, kubeRig } from '#tests/support/kubernetes/kubernetes-rig.ts';
import { stubFakeKeys } from '../aws/aws-rig.ts';

stubFakeKeys();

const fleet = openFleet({ seed: 11, resources: 2000, faults: false });
const ca = Buffer.from(AUTHORITY).toString('base64');
const subscription = fleet.accounts('azure')[0]?.id ?? '';
const project = fleet.accounts('gcp')[0]?.id ?? '';
const kubeconfig = (server: string): string =>
  Buffer.from(`clusters:\n- name: c\n  cluster: { server: '${server}', certificate-authority-data: ${ca} }\n`).toString(
    'base64',
  );

interface Cloud {
  cloud(): FakeCloud;
  /** The cloud lists one cluster, at this address. */
  script(fake: FakeServer, api: ApiServer): void;
  config(fake: FakeServer): object;
  token: RegExp;
}

const aksId = `/subscriptions/${subscription}/resourceGroups/rg/providers/Microsoft.ContainerService/managedClusters/one`;

const CLOUDS: Record<string, Cloud> = {
  eks: {
    cloud: awsCloud,
    script(fake, api) {
      const cluster = { name: 'one', endpoint: api.url, certificateAuthority: { data: ca }, status: 'ACTIVE' };
      fake.script({ when: ({ action }) => action === 'eks:ListClusters', reply: json({ clusters: ['one'] }) });
      fake.script({ when: ({ action }) => action === 'eks:DescribeCluster', reply: json({ cluster }) });
    },
    config: (fake) => ({ eks: { endpoint: fake.url, regions: ['eu-west-1'] } }),
    token: /^Bearer k8s-aws-v1\.[\w-]+$/,
  },
  gke: {
    cloud: gcpCloud,
    script(fake, api) {
      const endpoint = api.url.replace('https://', '');
      const cluster = { name: 'one', location: 'europe-west1', endpoint, masterAuth: { clusterCaCertificate: ca } };
      fake.script({ when: ({ action }) => action === 'container.clusters.list', reply: json({ clusters: [cluster] }) });
    },
    config: (fake) => ({ gke: { projects: [project], endpoint: fake.url, token: GCP_TOKEN } }),
    token: new RegExp(`^Bearer ${GCP_TOKEN}$`),
  },
  aks: {
    cloud: azureCloud,
    script(fake, api) {
      const cluster = { id: aksId, name: 'one', location: 'westeurope', properties: { aadProfile: {} } };
      const clusters = ({ path, method }: { path: string; method: string }) =>
        method === 'GET' && path.endsWith('/managedClusters');
      fake.script({ when: clusters, reply: json({ value: [cluster] }) });
      const reply = json({ kubeconfigs: [{ name: 'clusterUser', value: kubeconfig(api.url) }] });
      fake.script({ when: ({ method }) => method === 'POST', reply });
    },
    config: (fake) => ({ aks: { subscriptions: [subscription], endpoint: fake.url, token: AZURE_TOKEN } }),
    token: new RegExp(`^Bearer ${AZURE_TOKEN}$`),
  },
};

describe.each(Object.entries(CLOUDS))('clusters of %s', (_name, { cloud, script, config, token }) => {
  let rig: KubeRig;
  let fake: FakeServer;
  beforeEach(async () => {
    rig = await kubeRig();
    fake = await startFake(cloud(), { fleet, now: () => Date.parse('2026-11-21T09:00:00Z') });
    onTestFinished(() => fake.close());
  });

  async function open() {
    const connection = await openSource(config(fake), rig.clock);
    onTestFinished(() => connection.close());
    return connection;
  }

  it('are found, trusted by the authority that the cloud names, and read with a token made in process', async () => {
    const api = await rig.serve({ uid: 'uid-of-one', tls: { key: SERVER_KEY, cert: CERTIFICATES.good } });
    script(fake, api);
    const connection = await open();
    const { scopes, error } = await rig.discover(connection);
    expect(error).toBeUndefined();
    expect(scopes.map(({ account, part }) => `${account} ${part}`).sort()).toEqual([
      'uid-of-one nodes',
      'uid-of-one pods',
    ]);
    for (const scope of scopes) expect((await list(connection, scope)).complete).toBe(true);
    for (const { headers } of api.requests) expect(headers.authorization).toMatch(token);
  });

  it('fault 47: with a certificate of another authority are out of reach, and are sent no token', async () => {
    const api = await rig.serve({ tls: { key: SERVER_KEY, cert: CERTIFICATES.selfSigned } });
    script(fake, api);
    const { scopes, dead } = await rig.discover(await open());
    expect(scopes).toEqual([]);
    expect(dead).toMatchObject([{ name: expect.stringMatching(/^one /), error: { kind: 'network' } }]);
    expect(api.requests).toEqual([]);
  });

  it('fault 46: at an address that no API server has are refused by name', async () => {
    const api = await rig.serve({ tls: { key: SERVER_KEY, cert: CERTIFICATES.good } });
    Object.assign(api, { url: 'https://169.254.169.254' });
    script(fake, api);
    const { scopes, dead } = await rig.discover(await open());
    expect(scopes).toEqual([]);
    expect(dead).toMatchObject([
      { name: expect.stringMatching(/^one /), error: { message: expect.stringContaining('one') } },
    ]);
  });
});

describe('an AKS cluster whose address is not told just now', () => {
  it('is read on at the one that it had', async () => {
    const { cloud, script, config } = CLOUDS.aks ?? {};
    if (!cloud || !script || !config) throw new Error('no AKS');
    const rig = await kubeRig();
    const fake = await startFake(cloud(), { fleet, now: () => Date.parse('2026-11-21T09:00:00Z') });
    onTestFinished(() => fake.close());
    let busy = false;
    fake.script({
      when: ({ method }) => busy && method === 'POST',
      reply: { status: 503, body: '{"error":{"code":"ServerBusy"}}' },
    });
    const api = await rig.serve({ uid: 'uid-of-one', tls: { key: SERVER_KEY, cert: CERTIFICATES.good } });
    script(fake, api);
    const connection = await openSource(config(fake), rig.clock);
    onTestFinished(() => connection.close());
    const { scopes } = await rig.discover(connection);
    busy = true;
    expect(await rig.discover(connection, scopes)).toEqual({ scopes, dead: [], error: undefined });
    for (const scope of scopes) expect((await list(connection, scope)).complete).toBe(true);
  });
});

describe('a cloud that refuses the list', () => {
  it('fails the discovery by the name of the project', async () => {
    const rig = await kubeRig();
    const fake = await startFake(gcpCloud(), { fleet, now: () => Date.parse('2026-11-21T09:00:00Z') });
    onTestFinished(() => fake.close());
    fake.script({
      when: ({ action }) => action === 'container.clusters.list',
      reply: googleError(403, 'forbidden', "Required 'container.clusters.list' permission"),
    });
    const connection = await openSource(
      { gke: { projects: [project], endpoint: fake.url, token: GCP_TOKEN } },
      rig.clock,
    );
    onTestFinished(() => connection.close());
    const { scopes, error } = await rig.discover(connection);
    expect(scopes).toEqual([]);
    expect(error).toMatchObject({ kind: 'permission', message: expect.stringContaining(project) });
  });
});

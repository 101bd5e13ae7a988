import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { onTestFinished } from 'vitest';
import { parse } from 'yaml';
import type { Fleet } from '#lib/demo/index.ts';
import type { KubernetesConfig } from '#providers/kubernetes/config.ts';
import { kubernetes } from '#providers/kubernetes/index.ts';
import type { RawContainerState, RawPod } from '#providers/kubernetes/map/raw.ts';
import { failure, KUBE_TOKEN, type KubernetesCloud } from '#tests/fakes/kubernetes.ts';
import { type FakeServer, json, startFake } from '#tests/fakes/server.ts';
import { statesOf } from '#tests/support/states-table.ts';
import type { AdapterCase } from '../adapter-case.ts';

const clouds = new WeakMap<FakeServer, KubernetesCloud>();

interface Rule {
  apiGroups: string[];
  resources: string[];
  resourceNames?: string[];
  verbs: string[];
}

/** The rules of the ClusterRole in the words of the requests: `list replicasets.apps`. */
const policy = (
  parse(readFileSync(path.join(import.meta.dirname, '../../../providers/kubernetes/permissions.yaml'), 'utf8')) as {
    rules: Rule[];
  }
).rules.flatMap(({ apiGroups, resources, resourceNames, verbs }) =>
  verbs.flatMap((verb) =>
    apiGroups.flatMap((group) =>
      resources.flatMap((resource) => {
        const kind = group === '' ? resource : `${resource}.${group}`;
        return resourceNames ? resourceNames.map((name) => `${verb} ${kind}/${name}`) : [`${verb} ${kind}`];
      }),
    ),
  ),
);

/** One cluster, so that the order of discovery is no matter of chance. */
const clusterOf = (fleet: Fleet) => {
  const [cluster] = fleet.clusters();
  if (!cluster) throw new Error('the fleet is too small for this suite');
  return cluster;
};

function kubeconfigOf(fake: FakeServer, name: string): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'muster-kube-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const file = path.join(folder, 'config');
  const server = `${fake.url}/${encodeURIComponent(name)}`;
  // JSON is YAML.
  writeFileSync(
    file,
    JSON.stringify({
      clusters: [{ name, cluster: { server } }],
      users: [{ name: 'reader', user: { token: KUBE_TOKEN } }],
      contexts: [{ name, context: { cluster: name, user: 'reader' } }],
      'current-context': name,
    }),
  );
  return file;
}

const STATES: Readonly<Record<string, RawContainerState>> = {
  running: { running: { startedAt: '2026-11-21T08:00:00Z' } },
  waiting: { waiting: { reason: 'ContainerCreating' } },
  terminated: { terminated: { exitCode: 0, reason: 'Completed' } },
};

/** All containers in a native state, or, where it is none of theirs, a pod in that phase whose containers have none. */
function inState(pod: RawPod, native: string): RawPod {
  const state = STATES[native];
  const statuses = (containers: { name?: string }[] | null | undefined) =>
    (state ? (containers ?? []) : []).map(({ name }) => ({ name: name ?? '', state: state ?? null }));
  const metadata = { ...pod.metadata, deletionTimestamp: native === 'Terminating' ? '2026-11-21T08:59:00Z' : null };
  return {
    ...pod,
    metadata,
    status: {
      phase: state || native === 'Terminating' ? 'Running' : native,
      containerStatuses: statuses(pod.spec?.containers),
      initContainerStatuses: statuses(pod.spec?.initContainers),
    },
  };
}

const copied = new WeakSet<object>();

/** A copy with one label more; a copy made here is written on, so that thousands of labels cost no thousands of copies. */
function withLabel(pod: RawPod, key: string, value: string): RawPod {
  const given = pod.metadata?.labels ?? {};
  const labels = copied.has(given) ? given : { ...given };
  copied.add(labels);
  // Not an assignment: `__proto__` is a legal label key.
  Object.defineProperty(labels, key, { value, enumerable: true, configurable: true, writable: true });
  return labels === given ? pod : { ...pod, metadata: { ...pod.metadata, labels } };
}

/** @param open the clusters behind a fake's address */
export const kubernetesCase = (open: () => KubernetesCloud): AdapterCase<KubernetesConfig, RawPod> => ({
  provider: kubernetes,
  async start(options) {
    const cloud = open();
    const fake = await startFake(cloud, options);
    clouds.set(fake, cloud);
    return fake;
  },
  config: (fake, fleet, timeout) => ({ kubeconfig: kubeconfigOf(fake, clusterOf(fleet).name), timeout }),
  mockConfig: (fleet) => ({
    contexts: [clusterOf(fleet).name],
    mock: { seed: fleet.seed, resources: fleet.resources, faults: fleet.faults },
  }),
  subject: (scopes) => part(scopes, 'pods'),
  bystander: (scopes) => part(scopes, 'nodes'),
  isListOf: (_, request) => request.action === 'list pods',
  policy,
  // Nodes are a list of their own, too: that scope is denied then, and keeps its rows.
  details: ['list replicasets.apps', 'list jobs.batch', 'list nodes', 'list runtimeclasses.node.k8s.io'],
  isListedBy: ({ part }, action) => part === 'nodes' && action === 'list nodes',
  // Few pods have a class; map tests cover them.
  idleDetails: ['list runtimeclasses.node.k8s.io'],
  states: statesOf('Kubernetes containers'),
  withState: inState,
  withName: (pod, name) => ({ ...pod, metadata: { ...pod.metadata, name } }),
  withTag: withLabel,
  broken: (pod) => ({ ...pod, metadata: { ...pod.metadata, uid: undefined } }),
  replies: {
    denied: () =>
      failure(403, 'Forbidden', 'pods is forbidden: User "muster" cannot list resource "pods" at the cluster scope'),
    throttled: (wait) => failure(429, 'TooManyRequests', 'too many requests', { 'retry-after': String(wait) }),
    expired: () => failure(401, 'Unauthorized', 'Unauthorized'),
    unavailable: () => failure(503, 'ServiceUnavailable', 'etcd leader changed'),
    withoutList: () => json({ kind: 'PodList', apiVersion: 'v1', metadata: { resourceVersion: '1' } }),
  },
  asWrongAccount: (fake) => {
    const cloud = clouds.get(fake);
    if (cloud) cloud.pretend = '99999999-0000-4000-8000-000000000000';
  },
  skip: { 'foreign-link': 'pages of the API are tokens in requests to the same address, never links' },
});

function part<T extends { part: string }>(scopes: readonly T[], name: string): T {
  const found = scopes.find((scope) => scope.part === name);
  if (!found) throw new Error(`no scope of ${name}`);
  return found;
}

import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'yaml';
import type { Cluster, Fleet } from '#lib/demo/index.ts';
import type { RawObject } from '#providers/kubernetes/map/raw.ts';
import { nodeObject, ownerObject, podObject, runtimeClassObjects } from '#providers/kubernetes/mock/wire.ts';
import { clusterOf, KUBE_TOKEN, type KubernetesCloud, kubernetesCloud } from '#tests/fakes/kubernetes.ts';
import { type FakeRequest, type FakeTools, json, type Reply } from '#tests/fakes/server.ts';
import { AUTHORITY } from '#tests/fakes/tls.ts';
import type { TestContext } from './kubernetes.ts';
import type { RealApiServer } from './real-apiserver.ts';

const ROLE = path.join(import.meta.dirname, '../../../providers/kubernetes/permissions.yaml');
/** Where the API server keeps what the fleet has. */
const FOLDERS = ['pods', 'minions', 'replicasets', 'jobs', 'runtimeclasses'] as const;

/** Gives the user `reader` what the published role allows, and waits until the API server knows. */
export async function admitReader(api: RealApiServer): Promise<void> {
  const rbac = '/apis/rbac.authorization.k8s.io/v1';
  await api.ask('POST', `${rbac}/clusterroles`, parse(readFileSync(ROLE, 'utf8')));
  await api.ask('POST', `${rbac}/clusterrolebindings`, {
    metadata: { name: 'reader' },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'muster-reader' },
    subjects: [{ apiGroup: 'rbac.authorization.k8s.io', kind: 'User', name: 'reader' }],
  });
  const authorization = `Bearer ${api.tokens.reader}`;
  while (
    !(await api.ask('GET', '/api/v1/nodes?limit=1', undefined, { authorization }).then(
      () => true,
      () => false,
    ))
  );
}

/** A context of a kubeconfig that leads to a real API server, as whom the token says. */
export const realContext = (api: RealApiServer, token: string): TestContext => ({
  name: 'real',
  server: api.url,
  cluster: { 'certificate-authority-data': Buffer.from(AUTHORITY).toString('base64') },
  user: { token },
});

/**
 * A real API server with the fleet's first cluster in it, behind the address of a fake: requests reach it as they are, unless a test scripts
 * an answer, changes rows or wants pages that no server makes.
 */
export function realCloud(api: RealApiServer): () => KubernetesCloud {
  const { action } = kubernetesCloud();
  let planted = Promise.resolve();
  let holds: Fleet | null = null;

  const forward = async ({ url, headers }: Pick<FakeRequest, 'url' | 'headers'>): Promise<Reply & { body: string }> => {
    const authorization = headers.authorization === `Bearer ${KUBE_TOKEN}` ? `Bearer ${api.tokens.reader}` : 'Bearer x';
    const { accept = 'application/json' } = headers;
    const { status, type, text } = await api.get(url, { accept, authorization });
    return { status, headers: { 'content-type': type }, body: text };
  };

  async function listed(asked: FakeRequest, url: string, tools: FakeTools): Promise<Reply> {
    const inside = new URL(url, 'http://server');
    const token = asked.query.get('continue') ?? undefined;
    const size = tools.pageSize();
    // Pages that no server makes are made of all.
    if (size === undefined) inside.search = '';
    else inside.searchParams.set('limit', String(Math.min(size, Number(asked.query.get('limit')))));
    const reply = await forward({ url: inside.pathname + inside.search, headers: asked.headers });
    const body = JSON.parse(reply.body) as { items?: unknown[]; metadata: { continue?: string } };
    if (!body.items) return reply;
    const rows = tools.rewrite(body.items);
    if (size !== undefined)
      return rows === body.items ? reply : { ...reply, body: JSON.stringify({ ...body, items: rows }) };
    const page = tools.page(rows, token);
    const metadata = { ...body.metadata, ...(page.next ? { continue: page.next } : {}) };
    return { ...reply, body: JSON.stringify({ ...body, metadata, items: page.rows }) };
  }

  return () => ({
    pretend: null,
    action,
    async answer(asked, tools) {
      const cluster = clusterOf(asked, tools);
      if (!cluster) return json({ kind: 'Status', code: 404 }, 404);
      if (holds !== tools.fleet) {
        holds = tools.fleet;
        planted = planted.then(() => plant(api, tools.fleet, cluster, tools.now()));
      }
      await planted;
      const url = asked.url.slice(`/${encodeURIComponent(cluster.name)}`.length);
      if (asked.action === 'list pods' && !asked.headers.accept?.includes('as=')) return listed(asked, url, tools);
      const reply = await forward({ url, headers: asked.headers });
      if (this.pretend === null || asked.action !== 'get namespaces/kube-system') return reply;
      return json({ kind: 'PartialObjectMetadata', metadata: { name: 'kube-system', uid: this.pretend } });
    },
  });
}

async function plant(api: RealApiServer, fleet: Fleet, cluster: Cluster, at: number): Promise<void> {
  const moment = fleet.at(at);
  const objects = new Map<string, object>();
  const put = (folder: (typeof FOLDERS)[number], apiVersion: string, kind: string, object: RawObject) => {
    const { resourceVersion, ...metadata } = object.metadata ?? {};
    const key = [folder, metadata.namespace, metadata.name].filter((step) => step !== undefined).join('/');
    objects.set(key, { apiVersion, kind, ...object, metadata });
  };
  for (const pod of moment.pods(cluster)) put('pods', 'v1', 'Pod', podObject(pod, ''));
  for (const node of moment.nodes(cluster)) put('minions', 'v1', 'Node', nodeObject(node, ''));
  for (const owner of moment.owners(cluster))
    if (owner.kind === 'Job') put('jobs', 'batch/v1', 'Job', ownerObject(owner, ''));
    else put('replicasets', 'apps/v1', 'ReplicaSet', ownerObject(owner, ''));
  for (const sandbox of runtimeClassObjects(cluster)) put('runtimeclasses', 'node.k8s.io/v1', 'RuntimeClass', sandbox);
  await api.plant(
    objects,
    FOLDERS.map((folder) => `${folder}/`),
  );
  // The cluster's own name, which the API server gave it itself.
  const name = '/api/v1/namespaces/kube-system';
  const { metadata, ...rest } = await api.ask<RawObject>('GET', name);
  const { resourceVersion, ...kept } = metadata ?? {};
  const renamed = { ...rest, metadata: { ...kept, uid: cluster.uid } };
  await api.plant(new Map([['namespaces/kube-system', { apiVersion: 'v1', kind: 'Namespace', ...renamed }]]));
}

import type { Cluster } from '#lib/demo/index.ts';
import { nodeObject, ownerObject, podObject, runtimeClassObjects } from '#providers/kubernetes/mock/wire.ts';
import { type KubeObject, kindOf, listBody, statusBody } from './kube-store.ts';
import { type FakeCloud, type FakeRequest, type FakeTools, json, type Reply } from './server.ts';

/** The token that every cluster takes. */
export const KUBE_TOKEN = 'token-of-the-test';

export interface KubernetesCloud extends FakeCloud {
  /** uid that kube-system has, whatever cluster is asked; null = the true one. */
  pretend: string | null;
}

/** The lists of a request are those of one moment. */
const VERSION = 'v-fleet';

/**
 * The clusters of the fleet behind one address, each under `/<its name>`: lists, identity, and watches that end after a bookmark.
 * For watches that live there is `kube-apiserver.ts`.
 */
export function kubernetesCloud(): KubernetesCloud {
  return {
    pretend: null,
    action({ method, path, query }) {
      const [, , rest = ''] = /^\/([^/]+)(\/.*)$/.exec(path) ?? [];
      if (method !== 'GET') return `${method} ${path}`;
      if (rest === '/api/v1/namespaces/kube-system') return 'get namespaces/kube-system';
      return `${query.get('watch') === '1' ? 'watch' : 'list'} ${kindOf(rest)}`;
    },
    answer(request, tools): Reply {
      const cluster = clusterOf(request, tools);
      if (request.headers.authorization !== `Bearer ${KUBE_TOKEN}`) return failure(401, 'Unauthorized', 'Unauthorized');
      if (!cluster) return failure(404, 'NotFound', 'the server could not find the requested resource');
      if (request.action.startsWith('watch ')) {
        const bookmark = { type: 'BOOKMARK', object: { metadata: { resourceVersion: VERSION } } };
        return { headers: { 'content-type': 'application/json' }, body: `${JSON.stringify(bookmark)}\n` };
      }
      if (request.action === 'get namespaces/kube-system')
        return json({
          kind: 'PartialObjectMetadata',
          metadata: { name: 'kube-system', uid: this.pretend ?? cluster.uid },
        });
      const rows = objects(request, cluster, tools);
      if (!rows) return failure(404, 'NotFound', 'the server could not find the requested resource');
      const metadata = String(request.headers.accept).includes('as=PartialObjectMetadataList');
      // The tables beside the rows come whole: paging under test is that of the rows.
      const page = metadata ? { rows, next: undefined } : tools.page(rows, request.query.get('continue') ?? undefined);
      const about = { resourceVersion: VERSION, ...(page.next ? { continue: page.next } : {}) };
      return json(listBody(request.action.slice('list '.length), page.rows as KubeObject[], about, metadata));
    },
  };
}

export const clusterOf = (request: FakeRequest, tools: Pick<FakeTools, 'fleet'>): Cluster | undefined =>
  tools.fleet.clusters().find(({ name }) => request.path.startsWith(`/${encodeURIComponent(name)}/`));

export const failure = (code: number, reason: string, message: string, headers: Record<string, string> = {}): Reply =>
  json(statusBody(code, reason, message), code, headers);

function objects(request: FakeRequest, cluster: Cluster, tools: FakeTools): readonly object[] | null {
  const moment = tools.fleet.at(tools.now());
  const owners = (kind: string) => [...moment.owners(cluster)].filter((owner) => owner.kind === kind);
  switch (request.action) {
    case 'list pods':
      return tools.rewrite([...moment.pods(cluster)].map((pod) => podObject(pod, '1')));
    case 'list nodes':
      return [...moment.nodes(cluster)].map((node) => nodeObject(node, '1'));
    case 'list replicasets.apps':
      return owners('ReplicaSet').map((owner) => ownerObject(owner, '1'));
    case 'list jobs.batch':
      return owners('Job').map((owner) => ownerObject(owner, '1'));
    case 'list runtimeclasses.node.k8s.io':
      return runtimeClassObjects(cluster);
    default:
      return null;
  }
}

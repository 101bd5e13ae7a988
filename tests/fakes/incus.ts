import type { IncusCluster } from '#lib/demo/index.ts';
import { type InstanceRow, instanceRow, memberRow, resourcesOf, serverInfo } from '#providers/incus/mock/wire.ts';
import { type FakeCloud, type FakeRequest, type FakeTools, json, type Reply } from './server.ts';

export interface IncusCloud extends FakeCloud {
  /** Fingerprint of the certificate in place of the fleet's. */
  pretend: string | null;
}

const PATH = /^\/1\.0(?:$|\/(cluster\/members|resources|events|instances|projects)(?:\/([^/]+))?$)/;

/** The call that a request is, as the policy names it. */
export function actionOf(method: string, path: string): string {
  const [found, part, name] = PATH.exec(path) ?? [];
  if (found === undefined) return `${method} ${path}`;
  const call = part === undefined ? '/1.0' : `/1.0/${part}`;
  return `${method} ${call}${name === undefined ? '' : '/{name}'}`;
}

/** The envelope of the API. */
export const sync = (metadata: unknown): Reply =>
  json({ type: 'sync', status: 'Success', status_code: 200, operation: '', error_code: 0, error: '', metadata });

export const failure = (status: number, error: string, headers: Record<string, string> = {}): Reply =>
  json(
    { type: 'error', status: '', status_code: 0, operation: '', error_code: status, error, metadata: null },
    status,
    headers,
  );

/** The cluster of the fleet, as its first member answers. For events that come there is `incus-server.ts`. */
export function incusCloud(): IncusCloud {
  return {
    pretend: null,
    action: ({ method, path }) => actionOf(method, path),
    answer(request, tools) {
      const [cluster] = tools.fleet.incusClusters();
      if (!cluster) throw new Error('the fleet has no cluster');
      return answer(this.pretend === null ? cluster : { ...cluster, fingerprint: this.pretend }, request, tools);
    },
  };
}

function answer(cluster: IncusCluster, { path, query }: FakeRequest, tools: FakeTools): Reply {
  const [, part, name] = PATH.exec(path) ?? [];
  const [first] = cluster.members;
  if (!first) throw new Error('a cluster has members');
  const rows = () => [...tools.fleet.at(tools.now()).incusInstances(cluster)].map(instanceRow);
  const of = (project: string | null) => (row: InstanceRow) => project === null || row.project === project;
  if (path === '/1.0') return sync(serverInfo(cluster, first));
  if (part === 'cluster/members') return sync(cluster.members.map(memberRow));
  if (part === 'resources') {
    const target = cluster.members.find((member) => member.name === query.get('target')) ?? first;
    return sync(resourcesOf(target));
  }
  if (part === 'projects' && name !== undefined) return sync({ name, config: {} });
  // As to whoever does not ask for a WebSocket.
  if (part === 'events') return { status: 400, body: 'Bad Request\n' };
  if (part === 'instances' && name === undefined) {
    const project = query.get('all-projects') === 'true' ? null : (query.get('project') ?? 'default');
    const listed = Map.groupBy(rows().filter(of(project)), ({ location }) => location === rows()[0]?.location);
    // What a test changes is what one scope lists.
    return sync([...tools.rewrite<object>(listed.get(true) ?? []), ...(listed.get(false) ?? [])]);
  }
  const found = rows().find((row) => row.name === decodeURIComponent(name ?? '') && of(query.get('project'))(row));
  return found ? sync(found) : failure(404, 'Instance not found');
}

import type { DockerHost } from '#lib/demo/index.ts';
import { apiVersionOf, infoOf, inspectOf, summaryOf } from '#providers/docker/mock/wire.ts';
import { type FakeCloud, type FakeRequest, type FakeTools, json, type Reply } from './server.ts';

export interface DockerCloud extends FakeCloud {
  /** Newest API version that it says it speaks, instead of its engine's own. */
  api: string | null;
  /** Oldest that it takes. */
  minApi: string;
}

const PATH = /^(?:\/v(\d+\.\d+))?(\/_ping|\/info|\/events|\/containers\/json|\/containers\/([^/]+)\/json)$/;

/** The first engine of the fleet, as the Engine's API answers. For events that come there is `docker-engine.ts`. */
export function dockerCloud(): DockerCloud {
  const listed = new Map<string, Listed>();
  return {
    api: null,
    minApi: '1.44',
    action({ method, path }) {
      const [, , call, id] = PATH.exec(path) ?? [];
      return `${method} ${call === undefined ? path : id === undefined ? call : '/containers/{id}/json'}`;
    },
    answer(request, tools): Reply {
      const host = engineOf(tools);
      const api = this.api ?? apiVersionOf(host);
      const [, version, call, id] = PATH.exec(request.path) ?? [];
      const headers = {
        'api-version': api,
        server: `Docker/${host.version} (linux)`,
        date: new Date(tools.now()).toUTCString(),
      };
      if (call === '/_ping') return { headers: { ...headers, 'content-type': 'text/plain' }, body: 'OK' };
      if (version === undefined || call === undefined) return failure(404, 'page not found');
      const refusal = versionRefusal(version, api, this.minApi);
      return refusal ?? { ...answer(call, id, request, host, tools, listed), headers };
    },
  };
}

export const failure = (status: number, message: string, headers: Record<string, string> = {}): Reply =>
  json({ message }, status, headers);

/** In the words of the engine's API (moby, daemon/server/middleware/version.go). */
export function versionRefusal(version: string, api: string, minApi: string): Reply | null {
  const minor = (text: string): number => Number(text.split('.')[1]);
  if (minor(version) > minor(api))
    return failure(400, `client version ${version} is too new. Maximum supported API version is ${api}`);
  if (minor(version) < minor(minApi))
    return failure(
      400,
      `client version ${version} is too old. Minimum supported API version is ${minApi}, please upgrade your client to a newer version`,
    );
  return null;
}

function engineOf(tools: Pick<FakeTools, 'fleet'>): DockerHost {
  const [host] = tools.fleet.dockerHosts();
  if (!host) throw new Error('the fleet has no engine');
  return host;
}

function answer(
  call: string,
  id: string | undefined,
  request: FakeRequest,
  host: DockerHost,
  tools: FakeTools,
  listed: Map<string, Listed>,
): Pick<Reply, 'status' | 'body'> {
  const containers = [...tools.fleet.at(tools.now()).dockerContainers(host)];
  if (call === '/info') return json(infoOf(host, containers.length, tools.now()));
  if (call === '/events') return { status: 200, body: '' };
  if (call === '/containers/json') {
    const filters = JSON.parse(request.query.get('filters') ?? '{}') as { id?: string[] };
    const wanted = containers.filter((container) => filters.id?.includes(container.id) ?? true);
    const rows = tools.rewrite<object>(wanted.map((container) => summaryOf(container, tools.now()))) as Listed[];
    for (const row of rows) listed.set(row.Id, row);
    return json(rows);
  }
  const container = containers.find((candidate) => candidate.id === id);
  if (!container) return failure(404, `No such container: ${id}`);
  const row = listed.get(container.id);
  return json(row ? asListed(inspectOf(container), row) : inspectOf(container));
}

interface Listed {
  Id: string;
  State: string;
  Status: string;
}

/** An engine says one thing in both places, also where a test has rewritten its list. */
function asListed(inspected: object, { State, Status }: Listed): object {
  const state = 'State' in inspected && typeof inspected.State === 'object' ? inspected.State : {};
  const code = /^(?:Exited|Restarting) \((\d+)\)/.exec(Status)?.[1];
  return {
    ...inspected,
    State: { ...state, Status: State, ...(code === undefined ? {} : { ExitCode: Number(code) }) },
  };
}

import { type Scope, scopeId } from '#lib/model/index.ts';
import { type Adapter, type Call, type Connection, type Environment, ProviderError } from '../contract.ts';
import { withRenewal } from '../kit/renewal.ts';
import type { IncusClient } from './client/client.ts';
import type { Cluster } from './cluster/cluster.ts';
import { createDirectory, type Found } from './cluster/directory.ts';
import { hostsOf, type IncusConfig } from './config.ts';
import { listInstances, listMembers } from './list/listing.ts';
import { partOf } from './list/share.ts';
import { watchInstances, watchMembers } from './list/watch.ts';
import { checkPermissions } from './permissions.ts';

const MEMBERS = 'members';
const DISCOVERY = 'discovery';

/** The contract over any servers, real or mock. Those that belong to one cluster are one account, whichever of them answers. */
export function connect(
  clients: readonly IncusClient[],
  projects: readonly string[] | null,
  env: Environment,
): Connection {
  const directory = createDirectory(clients, env);
  const clusterOf = (scope: Scope, call: Call): Promise<Cluster> => directory.find(scope.account, call);
  const read = (cluster: Cluster, scope: Scope, call: Call) =>
    scope.part === MEMBERS ? listMembers(cluster, scope, call) : listInstances(cluster, scope, call);

  return {
    async *scopes(call) {
      for (const found of await directory.discover(call)) yield* scopesOf(found, projects, env.source);
    },
    async *list(scope, call) {
      if (scope.part === DISCOVERY) return directory.retry(scope.account, call);
      const cluster = await clusterOf(scope, call);
      yield* withRenewal(
        () => read(cluster, scope, call),
        () => cluster.renew(),
      );
    },
    async *watch(scope, call) {
      if (scope.part === DISCOVERY)
        throw new ProviderError('unsupported', scope.label, 'tells nothing before it has said who it is');
      const cluster = await clusterOf(scope, call);
      yield* scope.part === MEMBERS ? watchMembers(cluster, scope, call) : watchInstances(cluster, scope, call);
    },
    permissions: (call) => checkPermissions(clients, projects, call),
    async close() {
      directory.close();
      await Promise.all(clients.map((client) => client.close()));
    },
  };
}

function* scopesOf(found: Found, projects: readonly string[] | null, source: string): Generator<Scope> {
  const common = { provider: 'incus', source, region: null };
  if (found.cluster === null) {
    const { host } = found;
    const id = scopeId(source, host, null, DISCOVERY);
    yield { ...common, id, account: host, part: DISCOVERY, kind: 'host', label: host };
    return;
  }
  const { account, alone, members } = found.identity;
  // As the tools of the vendor shorten it. The page takes the first word for the name of the account.
  const name = alone ?? account.slice(0, 12);
  const of = { ...common, account };
  yield {
    ...of,
    id: scopeId(source, account, null, MEMBERS),
    part: MEMBERS,
    kind: 'host',
    label: `${name} ${alone === null ? 'members' : 'server'}`,
  };
  for (const project of projects ?? [null])
    for (const member of members ?? [null]) {
      const part = partOf({ member, project });
      const label = `${member ?? name} instances${project === null ? '' : ` of ${project}`}`;
      yield { ...of, id: scopeId(source, account, null, part), part, kind: 'container', label };
    }
}

export const adapter: Adapter<IncusConfig> = {
  async open(config, env) {
    const projects = config.projects ?? null;
    if (config.mock) {
      const { mockClients } = await import('./mock/mock.ts');
      return connect(mockClients(config.mock, env), projects, env);
    }
    const { httpClient } = await import('./client/client-http.ts');
    const { tls, timeout } = config;
    const clients = hostsOf(config).map((host) =>
      httpClient({ host, tls, timeoutMs: timeout * 1000, clock: env.clock }),
    );
    return connect(clients, projects, env);
  },
};

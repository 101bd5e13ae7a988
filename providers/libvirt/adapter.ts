import { type Batch, type Scope, scopeId } from '#lib/model/index.ts';
import { type Adapter, type Call, type Connection, type Environment, ProviderError } from '../contract.ts';
import { withRenewal } from '../kit/renewal.ts';
import { retry } from '../kit/retry.ts';
import { mapRows } from '../kit/rows.ts';
import type { LibvirtClient } from './client/client.ts';
import { DRIVERS } from './client/uri.ts';
import type { LibvirtConfig } from './config.ts';
import { listDomains, sameHost } from './list/listing.ts';
import { createTies, watchDomains, watchHost } from './list/watch.ts';
import { type Host, hostOf } from './map/host.ts';
import { hostResource } from './map/map-host.ts';
import { checkPermissions } from './permissions.ts';

const DOMAINS = 'domains';

export const adapter: Adapter<LibvirtConfig> = {
  async open(config, env) {
    if (config.mock) {
      const { mockClients } = await import('./mock/mock.ts');
      return connect(mockClients(config.mock, config.uri, env), env);
    }
    const { openClient } = await import('./client/client.ts');
    return connect([await openClient(config, env)], env);
  },
};

/** The contract over the connections of a source: one, or those of the mock. */
export function connect(clients: readonly LibvirtClient[], env: Environment): Connection {
  const known = new Map<string, LibvirtClient>();
  const ties = new Map(clients.map((client) => [client, createTies()]));

  async function identify(client: LibvirtClient, call: Call): Promise<Host> {
    const host = hostOf(await retry(env, call, () => client.host(call)), client.uri);
    known.set(host.id, client);
    return host;
  }

  /** The client of a scope: known from its discovery, or asked for again. */
  async function clientOf(scope: Scope, call: Call): Promise<LibvirtClient> {
    const only = clients.length === 1 ? clients[0] : known.get(scope.account);
    if (only) return only;
    for (const client of clients) if ((await identify(client, call)).id === scope.account) return client;
    throw new ProviderError('config', scope.label, 'no connection of this source leads to this hypervisor');
  }

  async function* listHost(client: LibvirtClient, scope: Scope, call: Call): AsyncGenerator<Batch> {
    const answer = await retry(env, call, () => client.host(call));
    const host = sameHost(hostOf(answer, client.uri), scope, client);
    yield mapRows(
      [host],
      ({ id }) => id,
      (row) => hostResource(row, answer.nodeinfo, scope),
    );
    call.signal.throwIfAborted();
  }

  async function* list(scope: Scope, call: Call): AsyncGenerator<Batch> {
    const client = await clientOf(scope, call);
    if (scope.part === 'host') yield* listHost(client, scope, call);
    else if (scope.part.startsWith(DOMAINS)) yield* listDomains({ client, env, scope }, call);
    else throw new ProviderError('config', scope.label, `${scope.part} is not listed by this provider`);
  }

  return {
    async *scopes(call) {
      for (const client of clients) {
        const host = await identify(client, call);
        const warning = client.uri.insecure ? ' (server not verified)' : '';
        const { driver } = client.uri;
        const shown = host.view === `${driver}:/system` ? driver : host.view;
        const common = { provider: 'libvirt', source: env.source, account: host.id, region: null };
        yield {
          ...common,
          id: scopeId(env.source, host.id, null, 'host'),
          part: 'host',
          kind: 'host',
          label: `${host.hostname} hypervisor${warning}`,
        };
        // A source is one connection, so that its ids need no driver; to whoever else finds this host the part says which domains.
        yield {
          ...common,
          id: scopeId(env.source, host.id, null, DOMAINS),
          part: `${DOMAINS}:${host.view}`,
          kind: DRIVERS[driver] ?? 'vm',
          label: `${host.hostname} ${shown} domains${warning}`,
        };
      }
    },
    // Each virsh reads its credentials anew, so a key that was just renewed serves the second attempt.
    list: (scope, call) =>
      withRenewal(
        () => list(scope, call),
        () => undefined,
      ),
    async *watch(scope, call) {
      const client = await clientOf(scope, call);
      const reading = { client, env, scope };
      const tied = ties.get(client) ?? createTies();
      if (scope.part === 'host') yield* watchHost(reading, tied, call);
      else yield* watchDomains(reading, tied, call);
    },
    permissions: (call) => checkPermissions(clients, call),
    async close() {
      await Promise.all(clients.map((client) => client.close()));
    },
  };
}

import { type Scope, scopeId } from '#lib/model/index.ts';
import { createNotifier } from '#lib/runtime/notifier.ts';
import { type Adapter, type Connection, type Environment, ProviderError } from '../contract.ts';
import { createDetailCalls } from '../kit/details/stale-if-error.ts';
import { withRenewal } from '../kit/renewal.ts';
import type { VirtualBoxClient } from './client/client.ts';
import { hostsOf, type VirtualBoxConfig } from './config.ts';
import { createAddresses } from './list/addresses.ts';
import { listHost, listVms } from './list/listing.ts';
import { runningOf } from './list/look.ts';
import { watchHost, watchVms } from './list/watch.ts';
import { checkPermissions } from './permissions.ts';

export const adapter: Adapter<VirtualBoxConfig> = {
  async open(config, env) {
    if (config.mock) {
      const { mockClients } = await import('./mock/mock.ts');
      return connect(mockClients(config.mock, hostsOf(config), env), env);
    }
    const { openClients } = await import('./client/client-run.ts');
    return connect(openClients(config, env), env);
  },
};

/** The contract over users and machines, real or mock. Scopes are what is configured: a machine that is off has its own, and says so. */
export function connect(clients: readonly VirtualBoxClient[], env: Environment): Connection {
  const calls = createDetailCalls(env);
  const entries = clients.map((client) => ({
    client,
    running: runningOf(client, calls, env),
    addresses: createAddresses(client, env),
    broken: createNotifier(),
  }));

  function find(scope: Scope) {
    const isHost = scope.part === 'host';
    const entry = entries.find(({ client }) => (isHost ? client.hostname : client.account) === scope.account);
    if (entry && (isHost || scope.part === 'vms')) return { ...entry, isHost, reading: { ...entry, env, scope } };
    throw new ProviderError('config', scope.label, `${scope.part} is not listed by this source`);
  }

  return {
    async *scopes() {
      const machines = new Set<string>();
      for (const { hostname, account } of clients) {
        const common = { provider: 'virtualbox', source: env.source, region: null };
        // Of all the users of a machine, and of all sources that lead to it, one lists it.
        if (!machines.has(hostname))
          yield {
            ...common,
            id: scopeId(env.source, hostname, null, 'host'),
            account: hostname,
            part: 'host',
            kind: 'host',
            label: `${hostname} host`,
          };
        machines.add(hostname);
        yield {
          ...common,
          id: scopeId(env.source, account, null, 'vms'),
          account,
          part: 'vms',
          kind: 'vm',
          label: `${account} VMs`,
        };
      }
    },
    async *list(scope, call) {
      const { reading, isHost, client } = find(scope);
      yield* withRenewal(
        () => (isHost ? listHost(reading, call) : listVms(reading, call)),
        () => client.renew(),
      );
    },
    async *watch(scope, call) {
      const { reading, isHost, broken } = find(scope);
      yield* isHost ? watchHost(reading, broken, call) : watchVms(reading, broken, call);
    },
    permissions: (call) => checkPermissions(clients, call),
    async close() {
      calls.close();
      for (const { addresses } of entries) addresses.close();
      await Promise.all(clients.map((client) => client.close()));
    },
  };
}

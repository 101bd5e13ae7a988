import { type Scope, scopeId } from '#lib/model/index.ts';
import { createNotifier } from '#lib/runtime/notifier.ts';
import {
  type Adapter,
  type Call,
  type Connection,
  type Environment,
  type Permission,
  ProviderError,
} from '../contract.ts';
import { withRenewal } from '../kit/renewal.ts';
import type { WorkstationConfig } from './config.ts';
import { listHost, listVms } from './list/listing.ts';
import { watchHost, watchVms } from './list/watch.ts';
import type { Way } from './list/way.ts';
import { vmrestWay } from './list/way-vmrest.ts';

/** The contract over the machines of a source: one, or those of the mock. */
export function connect(ways: readonly Way[], env: Environment): Connection {
  const broken = new Map(ways.map((way) => [way, createNotifier()]));
  function find(scope: Scope): Way {
    const way = ways.find(({ host }) => host === scope.account);
    if (way && (scope.part === 'vms' || scope.part === 'host')) return way;
    throw new ProviderError('config', scope.label, `${scope.part} is not listed by this source`);
  }
  return {
    async *scopes() {
      for (const { host } of ways)
        for (const part of ['host', 'vms'] as const)
          yield {
            id: scopeId(env.source, host, null, part),
            provider: 'vmware-workstation',
            source: env.source,
            account: host,
            region: null,
            part,
            kind: part === 'host' ? 'host' : 'vm',
            label: `${host} ${part === 'host' ? 'machine' : 'VMs'}`,
          };
    },
    async *list(scope, call) {
      const way = find(scope);
      yield* withRenewal(
        () => (scope.part === 'host' ? listHost(way, scope, call) : listVms(way, scope, call)),
        () => way.renew(),
      );
    },
    async *watch(scope, call) {
      const way = find(scope);
      const lost = broken.get(way) ?? createNotifier();
      yield* scope.part === 'host' ? watchHost(way, scope, env, lost, call) : watchVms(way, scope, env, lost, call);
    },
    permissions: (call) => checkPermissions(ways, call),
    async close() {
      await Promise.all(ways.map((way) => way.close()));
    },
  };
}

async function* checkPermissions(ways: readonly Way[], call: Call): AsyncGenerator<Permission> {
  for (const { host, checks } of ways)
    for (const [action, check] of checks) {
      const about = { action, account: host, region: null };
      try {
        await check(call);
        yield { ...about, state: 'allowed', message: null };
      } catch (error) {
        call.signal.throwIfAborted();
        if (!(error instanceof ProviderError)) throw error;
        yield { ...about, state: error.kind === 'permission' ? 'denied' : 'unknown', message: error.message };
      }
    }
}

export const adapter: Adapter<WorkstationConfig> = {
  async open(config, env) {
    const { mock, vmrest, vmrun, inventory, host } = config;
    if (mock) {
      const { mockClients } = await import('./mock/mock.ts');
      return connect(
        mockClients(mock, host, env).map((client) => vmrestWay(client, env)),
        env,
      );
    }
    const timeoutMs = config.timeout * 1000;
    if (vmrest) {
      const { vmrestClient } = await import('./client/client-vmrest.ts');
      return connect([vmrestWay(vmrestClient({ vmrest, host, vmrun, timeoutMs }, env), env)], env);
    }
    const { vmrunWay } = await import('./list/way-vmrun.ts');
    return connect([vmrunWay({ vmrun, inventory, timeoutMs }, env)], env);
  },
};

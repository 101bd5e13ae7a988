import { type Scope, scopeId } from '#lib/model/index.ts';
import { createNotifier } from '#lib/runtime/notifier.ts';
import { type Adapter, type Connection, type Environment, ProviderError } from '../contract.ts';
import { withRenewal } from '../kit/renewal.ts';
import type { DockerClient } from './client/client.ts';
import { type DockerConfig, hostsOf } from './config.ts';
import { createDoubts } from './list/doubts.ts';
import { createInspections } from './list/inspections.ts';
import { type Host, listContainers, listHost } from './list/listing.ts';
import { watchContainers, watchHost } from './list/watch.ts';
import { checkPermissions } from './permissions.ts';

/** The contract over any engines, real or mock. Scopes are what is configured: an engine that is down has its own, and says so. */
export function connect(clients: readonly DockerClient[], env: Environment): Connection {
  const hosts = new Map<string, Host>(
    clients.map((client) => [
      client.host,
      {
        client,
        inspections: createInspections(client, env),
        env,
        doubts: createDoubts(env.clock),
        broken: createNotifier(),
        reported: null,
      },
    ]),
  );
  function find(scope: Scope): Host {
    const host = hosts.get(scope.account);
    if (host && (scope.part === 'containers' || scope.part === 'host')) return host;
    throw new ProviderError('config', scope.label, `${scope.part} is not listed by this source`);
  }

  return {
    async *scopes() {
      for (const { host, insecure } of clients) {
        if (insecure) env.log.warn('connection.not-encrypted', { account: host });
        for (const part of ['host', 'containers'] as const)
          yield {
            id: scopeId(env.source, host, null, part),
            provider: 'docker',
            source: env.source,
            account: host,
            region: null,
            part,
            kind: part === 'host' ? 'host' : 'container',
            label: `${host} ${part}${insecure ? ' (not encrypted)' : ''}`,
          };
      }
    },
    async *list(scope, call) {
      const host = find(scope);
      yield* withRenewal(
        () => (scope.part === 'host' ? listHost(host, scope, call) : listContainers(host, scope, call)),
        () => host.client.renew(),
      );
    },
    async *watch(scope, call) {
      const host = find(scope);
      yield* scope.part === 'host' ? watchHost(host, scope, call) : watchContainers(host, scope, call);
    },
    permissions: (call) => checkPermissions(clients, call),
    async close() {
      for (const { inspections } of hosts.values()) inspections.close();
      await Promise.all(clients.map((client) => client.close()));
    },
  };
}

export const adapter: Adapter<DockerConfig> = {
  async open(config, env) {
    if (config.mock) {
      const { mockClients } = await import('./mock/mock.ts');
      return connect(mockClients(config.mock, hostsOf(config), env), env);
    }
    const { httpClient } = await import('./client/client-http.ts');
    const { tls, ssh, insecure = false } = config;
    const common = { tls, ssh, insecure, timeoutMs: config.timeout * 1000, clock: env.clock };
    return connect(
      hostsOf(config).map((host) => httpClient({ host, ...common })),
      env,
    );
  },
};

import { type Fleet, fleetOf, type IncusCluster } from '#lib/demo/index.ts';
import { type Call, type Clock, type Environment, ProviderError } from '#providers/contract.ts';
import type { MockOptions } from '#providers/kit/mock/mock-options.ts';
import type { IncusClient } from '../client/client.ts';
import { eventOf, instanceRow, memberRow, resourcesOf, serverInfo } from './wire.ts';

/** How often a mock cluster has news. */
const TICK_MS = 1000;

/** The fleet's clusters, as clients of the real adapter. */
export function mockClients(options: MockOptions, env: Environment): IncusClient[] {
  const fleet = fleetOf(options);
  return fleet.incusClusters().map((cluster) => mockClient(fleet, cluster, env));
}

function mockClient(fleet: Fleet, cluster: IncusCluster, { clock, source }: Environment): IncusClient {
  const [first] = cluster.members;
  if (!first) throw new ProviderError('config', source, 'the fleet of the demo has a cluster without members');
  const rows = (project: string | null) =>
    [...fleet.at(clock.now()).incusInstances(cluster)]
      .filter((instance) => project === null || instance.project === project)
      .map(instanceRow);
  return {
    host: cluster.address,
    local: false,
    async server({ signal }) {
      signal.throwIfAborted();
      return serverInfo(cluster, first);
    },
    async members({ signal }) {
      signal.throwIfAborted();
      return cluster.members.map(memberRow);
    },
    async resources(member, { signal }) {
      signal.throwIfAborted();
      return resourcesOf(cluster.members.find(({ name }) => name === member) ?? first);
    },
    async project(name, { signal }) {
      signal.throwIfAborted();
      return { name };
    },
    async instances(project, { signal }) {
      signal.throwIfAborted();
      return rows(project);
    },
    async names(project, { signal }) {
      signal.throwIfAborted();
      return rows(project).map(({ name }) => `/1.0/instances/${name}`);
    },
    async instance(project, name, { signal }) {
      signal.throwIfAborted();
      return rows(project).find((row) => row.name === name) ?? null;
    },
    events: async (project, call) => ({ events: news(fleet, cluster, project, clock, call) }),
    async checkEvents(_, { signal }) {
      signal.throwIfAborted();
    },
    renew: () => undefined,
    close: async () => undefined,
  };
}

async function* news(
  fleet: Fleet,
  cluster: IncusCluster,
  project: string | null,
  clock: Clock,
  { signal }: Call,
): AsyncGenerator<object> {
  for (let from = clock.now(); ; ) {
    await clock.sleep(TICK_MS, signal);
    const to = clock.now();
    // A wall clock that was set back has no news.
    if (to <= from) continue;
    const { put, gone } = fleet.changedIncusInstances(cluster, from, to);
    for (const instance of [...gone, ...put])
      if (project === null || instance.project === project)
        yield eventOf(instance, gone.includes(instance) ? 'instance-deleted' : 'instance-updated', to);
    from = to;
  }
}

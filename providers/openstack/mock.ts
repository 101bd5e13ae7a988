import { type Fleet, fleetOf, type Server } from '#lib/demo/index.ts';
import type { MockOptions } from '#providers/kit/mock/mock-options.ts';
import { mockPages } from '#providers/kit/mock/mock-pages.ts';
import { type Call, type Environment, ProviderError } from '../contract.ts';
import type { At, OpenStackClient } from './client.ts';
import type { OpenStackConfig } from './config.ts';
import { flavorOf, hypervisorOf, pageOf, serverOf } from './wire.ts';

/** The host of the fleet's Keystone, for a mock source that names none. */
export const mockCloudOf = (options: MockOptions): string => fleetOf(options).openstack().authHost;

/** The client of the real adapter, answered by the fleet as an administrator is: all projects at once, hypervisors too. */
export function mockClient(config: OpenStackConfig, options: MockOptions, env: Environment): OpenStackClient {
  const fleet = fleetOf(options);
  const cloud = fleet.openstack();
  const listings = mockPages<object>(1000);

  function page(part: string, at: At, next: string | undefined, call: Call, start: () => Iterable<object>): object {
    call.signal.throwIfAborted();
    if (at.region !== cloud.region) throw new ProviderError('config', cloud.authHost, `has no region ${at.region}`);
    const { rows, next: following } = listings.page(at.region, next, start);
    return pageOf(part, rows, following);
  }

  return {
    regions: async () => [config.region ?? cloud.region],
    projects: async () => cloud.projects.map(({ id, name }) => ({ id, name })),
    servers: async (at, next, call) =>
      page('servers', at, next, call, function* () {
        for (const server of servers(fleet, at.project, env.clock.now())) yield serverOf(server);
      }),
    hypervisors: async (at, next, call) =>
      page('hypervisors', at, next, call, () => cloud.hypervisors.filter((host) => !host.cellDown).map(hypervisorOf)),
    flavors: async (at, next, call) =>
      page('flavors', at, next, call, () => {
        const all = new Map<string, Server['flavor']>();
        for (const { flavor } of servers(fleet, at.project, env.clock.now())) all.set(flavor.name, flavor);
        return [...all.values()].map(flavorOf);
      }),
    renew: () => undefined,
    close: async () => undefined,
  };
}

/** The servers of a project, or of all. */
export function* servers(fleet: Fleet, project: string | null, now: number): Generator<Server> {
  const moment = fleet.at(now);
  for (const account of fleet.openstack().projects)
    if (project === null || account.id === project) yield* moment.servers(account);
}

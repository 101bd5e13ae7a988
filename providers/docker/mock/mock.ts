import { type DockerContainer, type DockerHost, type Fleet, fleetOf } from '#lib/demo/index.ts';
import { type Call, type Environment, ProviderError } from '#providers/contract.ts';
import type { MockOptions } from '#providers/kit/mock/mock-options.ts';
import { type DockerClient, EngineError } from '../client/client.ts';
import { eventOf, infoOf, inspectOf, summaryOf } from './wire.ts';

/** How often a mock engine has news. */
const TICK_MS = 2000;

/**
 * The fleet's engines, as clients of the real adapter.
 * @param names what to call its first engines instead of their addresses; none for all engines under their own
 */
export function mockClients(options: MockOptions, names: readonly string[], env: Environment): DockerClient[] {
  const fleet = fleetOf(options);
  const hosts = fleet.dockerHosts();
  if (names.length === 0) return hosts.map((host) => mockClient(fleet, host, host.address, env));
  if (names.length > hosts.length)
    throw new ProviderError('config', env.source, `hosts: the fleet has ${hosts.length} engines`);
  return hosts.slice(0, names.length).map((host, i) => mockClient(fleet, host, names[i] ?? host.address, env));
}

function mockClient(fleet: Fleet, host: DockerHost, name: string, { clock }: Environment): DockerClient {
  // Details are asked for right behind the list that they belong to.
  let shown: ReadonlyMap<string, DockerContainer> = new Map();
  const look = (): ReadonlyMap<string, DockerContainer> => {
    const containers = fleet.at(clock.now()).dockerContainers(host);
    shown = new Map([...containers].map((container) => [container.id, container]));
    return shown;
  };
  return {
    host: name,
    insecure: false,
    async ping({ signal }) {
      signal.throwIfAborted();
      return clock.now();
    },
    async info({ signal }) {
      signal.throwIfAborted();
      return { info: infoOf(host, look().size, clock.now()), podman: false };
    },
    async containers(ids, { signal }) {
      signal.throwIfAborted();
      const all = look();
      const found = ids
        ? ids.map((id) => all.get(id)).filter((container) => container !== undefined)
        : [...all.values()];
      return found.map((container) => summaryOf(container, clock.now()));
    },
    async inspect(id, { signal }) {
      signal.throwIfAborted();
      const container = shown.get(id);
      if (!container) throw new EngineError(name, 404, `No such container: ${id.slice(0, 12)}`, { now: clock.now() });
      return inspectOf(container);
    },
    events: async ({ since, until }, call) => ({ events: news(fleet, host, since, until, clock, call) }),
    renew: () => undefined,
    close: async () => undefined,
  };
}

async function* news(
  fleet: Fleet,
  host: DockerHost,
  since: number,
  until: number,
  clock: Environment['clock'],
  { signal }: Call,
): AsyncGenerator<object> {
  for (let from = since * 1000; from < until * 1000; ) {
    await clock.sleep(Math.max(0, Math.min(TICK_MS, until * 1000 - clock.now())), signal);
    const to = clock.now();
    // A wall clock that was set back has no news.
    if (to > from) {
      const { put, gone } = fleet.changedDockerContainers(host, from, to);
      for (const container of gone) yield eventOf(container, 'destroy', to);
      for (const container of put) yield eventOf(container, 'update', to);
      from = to;
    }
    if (clock.now() >= until * 1000) return;
  }
}

import { type Batch, type Scope, scopeId } from '#lib/model/index.ts';
import { withDetailErrors } from '#providers/kit/details/detail-failure.ts';
import { type Answer, createDetailCalls, type Detail } from '#providers/kit/details/stale-if-error.ts';
import { named } from '#providers/kit/wire/named.ts';
import { type Adapter, type Call, type Connection, type Environment, ProviderError } from '../contract.ts';
import { each } from '../kit/each.ts';
import { asRecord } from '../kit/read.ts';
import { withRenewal } from '../kit/renewal.ts';
import { retry } from '../kit/retry.ts';
import { mapRows } from '../kit/rows.ts';
import { cloudOf } from './address.ts';
import type { At, OpenStackClient } from './client.ts';
import type { OpenStackConfig } from './config.ts';
import { VanishedMarker } from './errors.ts';
import { type Flavor, type Flavors, flavorIdOf, flavorsOf, keptFlavors } from './flavor.ts';
import { idOf, OF_FLAVOR, type Place, projectOf, toServer, unknownOf } from './map.ts';
import { hypervisorIdOf, toHypervisor } from './map-hypervisor.ts';
import { CALLS, readPages } from './page.ts';
import { probe } from './probe.ts';

/** The account of what one token lists for the whole cloud. No project is called so: their ids are hex digits. */
export const ALL = '*';
const HOUR = 60 * 60_000;
/** How often a listing begins anew because the server at the end of a page was deleted meanwhile. */
const ATTEMPTS = 3;

export const adapter: Adapter<OpenStackConfig> = {
  async open(config, env) {
    if (config.mock) {
      const { mockClient, mockCloudOf } = await import('./mock.ts');
      return connect(
        mockClient(config, config.mock, env),
        config.authUrl ? cloudOf(config.authUrl) : mockCloudOf(config.mock),
        env,
      );
    }
    const { authUrl } = config;
    if (authUrl === undefined) throw new ProviderError('config', env.source, 'authUrl is missing');
    const { openClient } = await import('./client.ts');
    return connect(openClient({ ...config, authUrl }, env), cloudOf(authUrl), env);
  },
};

function connect(client: OpenStackClient, cloud: string, env: Environment): Connection {
  const calls = createDetailCalls(env);
  const flavors = new Map<string, Detail<Flavors>>();

  /** The flavors of a region as a project sees them: private ones are shown to some only. */
  function flavorsAt(at: At, call: Call): Promise<Answer<Flavors>> {
    const account = at.project ?? ALL;
    const key = `${at.region} ${account}`;
    let detail = flavors.get(key);
    if (!detail) {
      detail = calls.of<Flavors>(
        {
          call: CALLS.flavors,
          account,
          fields: OF_FLAVOR,
          ttlMs: HOUR,
          renew: () => client.renew(),
          keep: { key: `flavors/detail ${key}`, ...keptFlavors },
        },
        async (by, heartbeat) => {
          const all = new Map<string, Flavor>();
          const ask = (next: string | undefined) => retry(env, by, () => client.flavors(at, next, by));
          for await (const rows of readPages('flavors', key, by.signal, ask)) {
            heartbeat();
            for (const [id, flavor] of flavorsOf(rows)) all.set(id, flavor);
          }
          return all;
        },
      );
      flavors.set(key, detail);
    }
    return detail.ask(call);
  }

  async function* servers(scope: Scope, at: At, call: Call): AsyncGenerator<Batch> {
    const ask = (next: string | undefined) => retry(env, call, () => client.servers(at, next, call));
    for await (const rows of readPages('servers', scope.label, call.signal, ask)) {
      for (const row of rows) refuseOther(row, at);
      const found = rows.some((row) => flavorIdOf(asRecord(row)) !== null) ? await flavorsAt(at, call) : null;
      const place: Place = { scope, cloud, region: at.region, flavor: (id) => found?.value?.get(id) ?? null };
      const batch = mapRows(
        rows,
        idOf,
        (row) => toServer(row, place),
        (_, row) => unknownOf(row, place),
      );
      yield { ...batch, ...withDetailErrors(found?.error ?? null) };
    }
  }

  async function* hypervisors(scope: Scope, at: At, call: Call): AsyncGenerator<Batch> {
    const place = { scope, cloud, region: at.region };
    const ask = (next: string | undefined) => retry(env, call, () => client.hypervisors(at, next, call));
    for await (const rows of readPages('hypervisors', scope.label, call.signal, ask))
      yield mapRows(rows, hypervisorIdOf, (row) => toHypervisor(row, place));
  }

  /** Whether the source's own project may see the servers of all; a failure that is no refusal says neither. */
  async function seesAll(region: string, call: Call): Promise<boolean> {
    try {
      await named(CALLS.servers, () =>
        retry(env, call, () => client.servers({ region, project: null }, undefined, call, 1)),
      );
      return true;
    } catch (error) {
      if (error instanceof ProviderError && error.kind === 'permission') return false;
      throw error;
    }
  }

  /** Either all projects as one, or each of them: never both, so that no server is listed twice. */
  async function discover(region: string, call: Call): Promise<Scope[]> {
    const scope = (account: string, part: 'servers' | 'hypervisors', label: string): Scope => ({
      id: scopeId(env.source, account, region, part),
      provider: 'openstack',
      source: env.source,
      account,
      region,
      part,
      kind: part === 'servers' ? 'vm' : 'host',
      label: `${region} ${label}`,
    });
    const hosts = scope(ALL, 'hypervisors', 'hypervisors');
    if (await seesAll(region, call)) return [scope(ALL, 'servers', 'all projects'), hosts];
    const projects = await retry(env, call, () => client.projects(call));
    return [...projects.map(({ id, name }) => scope(id, 'servers', name)), hosts];
  }

  return {
    async *scopes(call) {
      const regions = await renewed(client, () => retry(env, call, () => client.regions(call)));
      let failure: unknown = null;
      // A region that does not answer must not hold up the others; it makes the discovery incomplete, so that nothing of it is gone.
      for await (const { scopes, error } of asReady(regions, (region) =>
        renewed(client, () => discover(region, call)),
      )) {
        yield* scopes;
        failure ??= error;
      }
      if (failure !== null) throw failure;
    },
    list(scope, call) {
      const at: At = { region: scope.region ?? '', project: scope.account === ALL ? null : scope.account };
      const once = scope.part === 'hypervisors' ? hypervisors : servers;
      return withRenewal(
        () => restarting(env, scope, () => once(scope, at, call)),
        () => client.renew(),
      );
    },
    async *permissions(call) {
      const { regions, projects } = await renewed(client, async () => ({
        regions: await client.regions(call),
        projects: await client.projects(call),
      }));
      const patient: Parameters<typeof probe>[0] = {
        servers: (...args) => renewed(client, () => client.servers(...args)),
        hypervisors: (...args) => renewed(client, () => client.hypervisors(...args)),
      };
      for (const region of regions) yield* probe(patient, region, projects, call);
    },
    async close() {
      calls.close();
      await client.close();
    },
  };
}

interface Outcome {
  scopes: readonly Scope[];
  error: unknown;
}

/** Asks in all regions at once; each answer comes as soon as it is there. */
const asReady = (
  regions: readonly string[],
  ask: (region: string) => Promise<readonly Scope[]>,
): AsyncGenerator<Outcome, void> =>
  each(regions, regions.length, (region) =>
    ask(region).then(
      (scopes) => ({ scopes, error: null }),
      (error: unknown) => ({ scopes: [], error }),
    ),
  );

/** Tries again once with a new token: the one in use may have been revoked since the last time. */
async function renewed<T>(client: OpenStackClient, run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    if (!(error instanceof ProviderError) || error.kind !== 'auth') throw error;
    client.renew();
    return run();
  }
}

/** Lists anew from the first page when the server after which a page begins is gone; what was read before is void. */
async function* restarting(env: Environment, scope: Scope, list: () => AsyncIterable<Batch>): AsyncGenerator<Batch> {
  for (let attempt = 1; ; attempt++) {
    try {
      yield* list();
      return;
    } catch (error) {
      if (!(error instanceof VanishedMarker) || attempt >= ATTEMPTS) throw error;
    }
    env.log.info('listing.restarted', { scope: scope.id });
    yield { resources: [], unreadable: [], restart: true };
  }
}

/** The token of one project lists this project's servers only; anything else is stored under a wrong name. */
function refuseOther(row: unknown, at: At): void {
  const other = projectOf(row);
  if (at.project === null || other === null || other === at.project) return;
  throw new ProviderError('config', at.project, 'answered with a server of another project than this one');
}

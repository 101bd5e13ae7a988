import {
  type Batch,
  type DetailError,
  type DetailField,
  type Resource,
  type Scope,
  scopeId,
} from '#lib/model/index.ts';
import { consoleOf } from '#providers/clouds/gcp/console.ts';
import { projectsOf } from '#providers/clouds/gcp/projects.ts';
import { withDetailErrors } from '#providers/kit/details/detail-failure.ts';
import { keptSizes, type Sizes } from '#providers/kit/details/kept-sizes.ts';
import { createDetailCalls, type Detail } from '#providers/kit/details/stale-if-error.ts';
import { named } from '#providers/kit/wire/named.ts';
import { pages } from '#providers/kit/wire/pages.ts';
import type { Adapter, Call, Connection, Environment, Permission } from '../contract.ts';
import { ProviderError } from '../contract.ts';
import { each } from '../kit/each.ts';
import { withRenewal } from '../kit/renewal.ts';
import { retry } from '../kit/retry.ts';
import { mapRows } from '../kit/rows.ts';
import type { GcpClient } from './client.ts';
import type { GcpConfig } from './config.ts';
import { addressOf, idOf, type Row, toResource, typeOf } from './map.ts';
import { type AggregatedPage, gapError, readPage, refuseOther } from './page.ts';
import { customSize, type Size, sizesOf } from './sizes.ts';

/** Fields that only the machine types know. */
const UNSIZED: readonly DetailField[] = ['vcpus', 'memory'];
const HOUR = 60 * 60_000;
const DAY = 24 * HOUR;
/** Calls that are tried at a time. */
const AT_ONCE = 8;
const PARTS = ['instances', 'machineTypes'] as const;
type Part = (typeof PARTS)[number];

export const adapter: Adapter<GcpConfig> = {
  async open(config, env) {
    if (config.mock) {
      const { mockClient, mockProjects } = await import('./mock.ts');
      const named = config.discover !== undefined || config.projects.length > 0;
      const projects = named ? config.projects : mockProjects(config.mock);
      return connect(mockClient(config.mock, env), { ...config, projects }, env);
    }
    const { openClient } = await import('./client.ts');
    return connect(openClient(config, env), config, env);
  },
};

function connect(client: GcpClient, config: GcpConfig, env: Environment): Connection {
  // Types have one size everywhere, so what one project's list said serves all; an unknown type asks its own project, once a day.
  const sizes = new Map<string, Size>();
  const calls = createDetailCalls(env);
  const loaders = new Map<string, Detail<Sizes>>();
  /** Projects without the API, with the time until which they are not asked again. */
  const off = new Map<string, { error: ProviderError; until: number }>();
  const projects = (call: Call) => projectsOf(config, client.projects, env, call);

  const readPages = (part: Part, project: string, call: Call): AsyncIterable<AggregatedPage> =>
    pages(project, `compute.${part}.list`, call.signal, async (token) => {
      const page = readPage(await retry(env, call, () => client[part](project, token, call)), part, project);
      return { items: page, count: page.rows.length, next: page.next };
    });

  /** Why types that are still unknown could not be read. */
  async function learn(types: readonly (string | null)[], project: string, call: Call): Promise<DetailError | null> {
    const load = loaders.get(project) ?? loaderOf(project);
    loaders.set(project, load);
    // While it fails, what is known may be of an earlier process.
    if (!load.error && types.every((type) => type === null || sizes.has(type) || customSize(type))) return null;
    const { value, error } = await load.ask(call);
    if (value) for (const [type, size] of value) if (!error || !sizes.has(type)) sizes.set(type, size);
    return error;
  }

  const loaderOf = (project: string) =>
    calls.of<Sizes>(
      {
        call: 'compute.machineTypes.list',
        account: project,
        fields: UNSIZED,
        ttlMs: DAY,
        renew: () => client.renew(),
        // One for all projects: they have the same types.
        keep: { key: 'compute.machineTypes.list', ...keptSizes },
      },
      async (by, heartbeat) => {
        const found = new Map<string, Size>();
        for await (const page of readPages('machineTypes', project, by)) {
          heartbeat();
          for (const [type, size] of sizesOf(page.rows.map((r) => r.row))) found.set(type, size);
        }
        return found;
      },
    );

  async function* list(scope: Scope, call: Call): AsyncGenerator<Batch> {
    const gaps = new Set<string>();
    const place = {
      scope,
      console: consoleOf(config.endpoint),
      size: (type: string) => customSize(type) ?? sizes.get(type) ?? null,
    };
    for await (const page of readPages('instances', scope.account, call)) {
      for (const gap of page.gaps) gaps.add(gap);
      const rows = page.rows.map(({ key, row }): Row => ({ key, instance: row }));
      for (const row of rows) refuseOther(addressOf(row), scope.account);
      const error = await learn(rows.map(typeOf), scope.account, call);
      const unknown = (row: Resource) =>
        !error || row.type === null || place.size(row.type) ? [] : UNSIZED.filter((field) => row[field] === null);
      yield { ...mapRows(rows, idOf, (row) => toResource(row, place), unknown), ...withDetailErrors(error) };
    }
    if (gaps.size > 0) throw gapError(scope.account, gaps).of('compute.instances.list');
  }

  /** An organisation has many projects without the Compute Engine API: each is asked once an hour whether it has it now. */
  async function* unlessOff(scope: Scope, call: Call): AsyncGenerator<Batch> {
    const known = off.get(scope.account);
    if (known && env.clock.monotonic() < known.until) throw known.error;
    try {
      yield* list(scope, call);
      off.delete(scope.account);
    } catch (error) {
      if (error instanceof ProviderError && error.kind === 'disabled')
        off.set(scope.account, { error, until: env.clock.monotonic() + HOUR });
      throw error;
    }
  }

  return {
    async *scopes(call) {
      for (const project of await projects(call))
        yield {
          id: scopeId(env.source, project, null, 'instances'),
          provider: 'gcp',
          source: env.source,
          account: project,
          region: null,
          part: 'instances',
          kind: 'vm',
          label: project,
        };
    },
    list: (scope, call) =>
      withRenewal(
        () => unlessOff(scope, call),
        () => client.renew(),
      ),
    async *permissions(call) {
      let found: readonly string[] = config.projects;
      if (config.discover)
        yield await attempt('resourcemanager.projects.get', env.source, async () => {
          found = await projects(call);
        });
      const tries = found.flatMap((account) => PARTS.map((part) => ({ account, part })));
      yield* each(tries, AT_ONCE, ({ account, part }) => probe(client, part, account, call));
    },
    async close() {
      calls.close();
      await client.close();
    },
  };
}

async function probe(client: GcpClient, part: Part, account: string, call: Call): Promise<Permission> {
  return attempt(`compute.${part}.list`, account, async () => {
    readPage(await client[part](account, undefined, call, 1), part, account);
  });
}

async function attempt(action: string, account: string, run: () => Promise<void>): Promise<Permission> {
  try {
    await named(action, run);
    return { action, account, region: null, state: 'allowed', message: null };
  } catch (error) {
    if (!(error instanceof ProviderError)) throw error;
    const state = error.kind === 'permission' ? 'denied' : 'unknown';
    return { action, account, region: null, state, message: error.message };
  }
}

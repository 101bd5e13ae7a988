import { monitorEventLoopDelay, performance } from 'node:perf_hooks';
import type capacity from '#lib/questions/capacity.ts';
import type facets from '#lib/questions/facets.ts';
import type groups from '#lib/questions/groups.ts';
import type resources from '#lib/questions/resources.ts';
import type stack from '#lib/questions/stack.ts';
import type tree from '#lib/questions/tree.ts';
import { startQueryService } from '#lib/web/client.ts';
import type { QueryService } from '#lib/web/service.ts';

// A process of its own, as the web process has it: `node query-run.ts <store>`. Prints one line of JSON.

export interface QueryFigure {
  query: string;
  /** Milliseconds from the main thread's call to the answer's text. */
  p50: number;
  p95: number;
  max: number;
  /** CPU milliseconds of the whole process for one answer, mean: what it costs on a machine that others use as well. */
  cpu: number;
}

export interface QueryRun {
  resources: number;
  /** Milliseconds from the start of the service. */
  ready: number;
  /** MiB, after the build, after all questions, and the most there ever was. */
  rss: { built: number; asked: number; peak: number };
  figures: QueryFigure[];
  /** Eight readers at once: the main thread's delay and the readers' waiting, ms. */
  readers: { lagP99: number; p50: number; p95: number; answers: number };
}

const PROVIDERS = ['aws', 'gcp', 'azure'];
const REGIONS = ['us-east-1', 'us-west-2', 'eu-west-1', 'eu-central-1', 'us-central1', 'europe-west1', 'westeurope'];
const WORDS = [
  'checkout-api',
  'ledger',
  '10.4',
  'i-0a',
  'session-cache',
  'render-worker-7',
  '.17.',
  'gateway-front',
  'e',
];
const SERVICES = ['checkout', 'ledger', 'session', 'render', 'gateway'];
const TEAMS = ['payments', 'platform', 'search', 'data', 'web', 'infra', 'ml', 'risk'];
const FACETS = ['provider', 'kind', 'state', 'region', 'account', 'type', 'os', 'tag.team'];

/** How often each question is asked, each time with other parameters. */
const REPEATS = 40;

type Ask = (service: QueryService, n: number, total: number) => Promise<string>;

const of = (list: readonly string[], n: number): string => list[n % list.length] ?? '';
const page = (service: QueryService, q: string, sort = '', offset = 0) =>
  service.answer<typeof resources>('/resources', { q, sort, limit: 100, offset });
const facetsOf = (service: QueryService, q: string, fields: string[]) =>
  service.answer<typeof facets>('/facets', { q, fields });
const groupsBy = (service: QueryService, q: string, by: string) => service.answer<typeof groups>('/groups', { q, by });
const treeOn = (service: QueryService, q: string, parent: { parent?: string }) =>
  service.answer<typeof tree>('/tree', { q, sort: '', ...parent, limit: 100, offset: 0 });
const stackOf = async (service: QueryService, uid: string) =>
  (await service.answer<typeof stack>('/resources/{uid}/stack', { uid })) ?? '';
const one = async (service: QueryService, q: string, offset: number) =>
  (await service.ask<typeof resources>('/resources', { q, sort: '', limit: 1, offset })).items[0]?.uid ?? '';
const hexOf = (n: number): string => ((n * 2654435761) % 4096).toString(16).padStart(3, '0');
/** One row of twenty is a node. */
const aHost = (service: QueryService, n: number, total: number) =>
  one(service, 'kind:host', n % Math.min(1000, Math.ceil(total / 20)));
/** A clause that is true of all rows and new with each n, so that no answer is one that was kept. */
const fresh = (n: number) => `-zone:none-${n}`;

const QUERIES: Record<string, Ask> = {
  'first page by name, with the count': (service, n) => page(service, fresh(n)),
  'the same again': (service) => page(service, ''),
  'provider, state, region; by vCPU': (service, n) =>
    page(service, `provider:${of(PROVIDERS, n)} state:running region:${of(REGIONS, n)} ${fresh(n)}`, '-vcpus'),
  'all by creation, newest first': (service, n) => page(service, fresh(n), '-created'),
  'all by image': (service, n) => page(service, fresh(n), 'image'),
  'substring over name, id, address': (service, n) => page(service, `${of(WORDS, n)} ${fresh(n)}`),
  'wildcard on the name': (service, n) => page(service, `name:*${of(WORDS, n)}*${n % 10} ${fresh(n)}`),
  'id, exact': (service, n) => page(service, `id:i-${n} ${fresh(n)}`),
  network: (service, n) => page(service, `ip:10.${n % 256}.0.0/16`),
  'runs on': (service, n) => page(service, `on:ip-10-0-${n % 256}-*`),
  age: (service, n) => page(service, `age>${30 + n}d`, 'age'),
  tag: (service, n) => page(service, `tag.team:${of(TEAMS, n)} ${fresh(n)}`),
  '8 facets': (service, n) => facetsOf(service, fresh(n), FACETS),
  '8 facets of a tenth': (service, n) => facetsOf(service, `tag.team:${of(TEAMS, n)} ${fresh(n)}`, FACETS),
  'group by tag, with sums': (service, n) => groupsBy(service, fresh(n), 'tag.team'),
  'group by pod-template-hash, with sums': (service, n) => groupsBy(service, fresh(n), 'tag.pod-template-hash'),
  'on an instance, two layers': (service, n) => page(service, `on:i-${hexOf(n)}* ${fresh(n)}`),
  'runs a container': (service, n) => page(service, `runs:${of(SERVICES, n)}-api-*${n % 10} ${fresh(n)}`),
  'group by node, with sums': (service, n) => groupsBy(service, fresh(n), 'node'),
  'group by machine, with sums': (service, n) => groupsBy(service, fresh(n), 'machine'),
  'tree, its roots': (service, n) => treeOn(service, fresh(n), {}),
  'tree, on one node': async (service, n, total) => treeOn(service, '', { parent: await aHost(service, n, total) }),
  'stack of a container': async (service, n, total) =>
    stackOf(service, await one(service, 'kind:container', Math.floor(((n * 0.6180339) % 0.6) * total))),
  'stack of a node': async (service, n, total) => stackOf(service, await aHost(service, n, total)),
  'capacity, and why': (service, n) => service.answer<typeof capacity>('/capacity', { q: fresh(n) }),
  'any offset, scrolling': (service, n, total) => page(service, '', '', Math.floor(((n * 0.6180339) % 1) * total)),
  'any offset, first time': (service, n, total) => page(service, fresh(n), '-memory', Math.floor(total / 2)),
  overview: async (service, n) => {
    const [groups] = await Promise.all([
      groupsBy(service, fresh(n), 'provider'),
      facetsOf(service, fresh(n), ['kind', 'state', 'provider', 'type']),
    ]);
    return groups;
  },
};

const at = (sorted: readonly number[], share: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
const mebibytes = (bytes: number): number => Math.round(bytes / 1024 / 1024);

async function timed(ask: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await ask();
  return performance.now() - start;
}

async function measure(service: QueryService, total: number): Promise<QueryFigure[]> {
  const figures: QueryFigure[] = [];
  let n = 0;
  for (const [query, ask] of Object.entries(QUERIES)) {
    for (let i = 0; i < 3; i++) await ask(service, ++n, total);
    const times: number[] = [];
    const before = process.cpuUsage();
    for (let i = 0; i < REPEATS; i++) times.push(await timed(() => ask(service, ++n, total)));
    const { user, system } = process.cpuUsage(before);
    times.sort((a, b) => a - b);
    const cpu = (user + system) / 1000 / REPEATS;
    figures.push({ query, p50: at(times, 0.5), p95: at(times, 0.95), max: at(times, 1), cpu });
  }
  return figures;
}

async function eightReaders(service: QueryService, total: number): Promise<QueryRun['readers']> {
  const asks = Object.values(QUERIES);
  const times: number[] = [];
  const lag = monitorEventLoopDelay({ resolution: 1 });
  lag.enable();
  const reader = async (number: number) => {
    for (let n = 0; n < 60; n++) {
      const ask = asks[(number * 7 + n) % asks.length];
      if (ask) times.push(await timed(() => ask(service, 100_000 * number + n, total)));
    }
  };
  await Promise.all(Array.from({ length: 8 }, (_, number) => reader(number)));
  lag.disable();
  times.sort((a, b) => a - b);
  return { lagP99: lag.percentile(99) / 1e6, p50: at(times, 0.5), p95: at(times, 0.95), answers: times.length };
}

const [path = ''] = process.argv.slice(2);
const quiet = {
  info: () => {},
  warn: () => {},
  error: (event: string, fields: unknown) => process.stderr.write(`${event} ${JSON.stringify(fields)}\n`),
};
const start = performance.now();
const service = startQueryService({ path, log: quiet });
await service.ready();
const ready = performance.now() - start;
const built = mebibytes(process.memoryUsage().rss);
const { total } = await service.ask<typeof resources>('/resources', { q: '', sort: '', limit: 1 });
const figures = await measure(service, total);
const readers = await eightReaders(service, total);
const asked = mebibytes(process.memoryUsage().rss);
const run: QueryRun = {
  resources: total,
  ready,
  rss: { built, asked, peak: Math.round(process.resourceUsage().maxRSS / 1024) },
  figures,
  readers,
};
process.stdout.write(`${JSON.stringify(run)}\n`);
await service.close();

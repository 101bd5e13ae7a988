import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { openFleet } from '#lib/demo/index.ts';
import { aggregatedPage, instanceOf } from '#providers/gcp/wire.ts';

// Which way to list Compute Engine: `node tests/bench/gcp-decision.ts [--small]`. The same 20 pages of 500 instances and their empty zones,
// served by a process of their own, read by the SDK, by our transport and by a bare fetch, each in a process of its own.
// The figures stand in docs/decisions/gcp-rest.md.

// Small: every way once, from start to end; the figures mean nothing.
const FLAGS = process.argv.filter((arg) => arg === '--small');
const [PAGES, RUNS] = FLAGS.length > 0 ? [2, 1] : [20, 5];
const SIZE = 500;
const PROJECT = 'shop-prod-1';
const WAYS = ['bare', 'own', 'sdk'] as const;
type Way = (typeof WAYS)[number];

interface Figures {
  way: Way;
  importMs: number;
  cpuPerPage: number;
  rss: number;
  rows: number;
}

const ways: Record<Way, () => Promise<(url: string) => AsyncIterable<number>>> = {
  async bare() {
    const { fetch } = await import('undici');
    return async function* (url) {
      let token = '';
      do {
        const at = `${url}/compute/v1/projects/${PROJECT}/aggregated/instances?maxResults=500${token && `&pageToken=${token}`}`;
        const page = (await (await fetch(at)).json()) as { items: Record<string, Zone>; nextPageToken?: string };
        yield count(Object.values(page.items));
        token = page.nextPageToken ?? '';
      } while (token);
    };
  },
  async own() {
    const { openClient } = await import('#providers/gcp/client.ts');
    const { gcpConfig } = await import('#providers/gcp/config.ts');
    const { readPage } = await import('#providers/gcp/page.ts');
    await import('google-auth-library');
    return async function* (url) {
      const config = gcpConfig.parse({ projects: [PROJECT], endpoint: url, token: 't' });
      const quiet = () => undefined;
      const clock = {
        now: Date.now,
        monotonic: () => performance.now(),
        sleep: async () => undefined,
        alarm: () => () => undefined,
      };
      const log = { debug: quiet, info: quiet, warn: quiet, error: quiet };
      const client = openClient(config, { source: 's', clock, log, random: Math.random });
      const call = { signal: new AbortController().signal };
      let token: string | undefined;
      do {
        const page = readPage(await client.instances(PROJECT, token, call), 'instances', PROJECT);
        yield page.rows.length;
        token = page.next;
      } while (token);
      await client.close();
    };
  },
  async sdk() {
    const { InstancesClient } = await import('@google-cloud/compute');
    const { OAuth2Client } = await import('google-auth-library');
    return async function* (url) {
      const authClient = new OAuth2Client();
      authClient.setCredentials({ access_token: 't', expiry_date: Date.now() + 3_600_000 });
      const port = Number(new URL(url).port);
      const options = { projectId: PROJECT, apiEndpoint: '127.0.0.1', port, protocol: 'http', fallback: true };
      const client = new InstancesClient({ authClient, ...options } as ConstructorParameters<
        typeof InstancesClient
      >[0]);
      const request = { project: PROJECT, maxResults: SIZE, returnPartialSuccess: true };
      for await (const [, zone] of client.aggregatedListAsync(request, { autoPaginate: false }))
        yield (zone as Zone).instances?.length ?? 0;
    };
  },
};

interface Zone {
  instances?: unknown[] | null;
}
const count = (zones: Zone[]): number => zones.reduce((sum, zone) => sum + (zone.instances?.length ?? 0), 0);

/** One way, in this process. */
async function measure(way: Way, url: string): Promise<Figures> {
  const begun = performance.now();
  const list = await ways[way]();
  const loaded = performance.now() - begun;
  let rows = 0;
  for await (const n of list(url)) rows += n;
  // The first run has warmed up what a collector runs for days.
  const before = process.cpuUsage();
  for await (const n of list(url)) rows += n;
  const used = process.cpuUsage(before);
  const cpu = (used.user + used.system) / 1000 / PAGES;
  return { way, importMs: loaded, cpuPerPage: cpu, rss: process.memoryUsage.rss() / 2 ** 20, rows: rows / 2 };
}

/** Serves the pages, and on each line of its input says which parameters it has seen since. */
async function serve(): Promise<void> {
  const fleet = openFleet({ seed: 1, resources: 60_000, faults: false });
  const moment = fleet.at(Date.parse('2026-11-21T09:00:00Z'));
  const places = fleet.accounts('gcp').flatMap((account) => account.places);
  const rows: { zone: string; row: object }[] = [];
  for (const place of places)
    for (const machine of moment.machines(place)) {
      const row = rows.length < SIZE ? instanceOf(machine) : null;
      if (row) rows.push({ zone: machine.zone, row });
    }
  const empty = Array.from({ length: 120 }, (_, i) => [
    `zones/empty-${i}`,
    { warning: { code: 'NO_RESULTS_ON_PAGE' } },
  ]);
  const page = aggregatedPage('instances', PROJECT, places, rows, 'NEXT') as { items: object };
  const text = JSON.stringify({ ...page, items: { ...page.items, ...Object.fromEntries(empty) } }).replaceAll(
    /projects\/meridian[\w-]+/g,
    `projects/${PROJECT}`,
  );
  const seen = new Set<string>();
  const server = createServer((request, response) => {
    const query = new URL(request.url ?? '', 'http://x').searchParams;
    for (const key of query.keys()) seen.add(key === 'maxResults' ? `${key}=${query.get(key)}` : key);
    const at = Number(query.get('pageToken')?.slice(1) ?? 0);
    response.setHeader('content-type', 'application/json');
    response.end(text.replace('"NEXT"', at + 1 < PAGES ? `"p${at + 1}"` : '""'));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  process.stdout.write(`${JSON.stringify({ url: `http://127.0.0.1:${port}`, bytes: text.length })}\n`);
  for await (const _ of createInterface({ input: process.stdin })) {
    process.stdout.write(`${[...seen].sort().join(' ')}\n`);
    seen.clear();
  }
  server.closeAllConnections();
  server.close();
}

async function main(): Promise<void> {
  const self = import.meta.filename;
  const fake: ChildProcess = spawn(process.execPath, [self, 'serve', ...FLAGS], { stdio: ['pipe', 'pipe', 'inherit'] });
  if (!fake.stdout || !fake.stdin) throw new Error('the fake has no pipes');
  const lines = createInterface({ input: fake.stdout })[Symbol.asyncIterator]();
  const nextLine = async () => String((await lines.next()).value);
  const { url, bytes } = JSON.parse(await nextLine()) as { url: string; bytes: number };
  const print = (line: string) => process.stdout.write(`${line}\n`);
  print(
    `${PAGES} pages of ${SIZE} instances, ${(bytes / 1e6).toFixed(2)} MB each; CPU per page: median of ${RUNS} processes`,
  );
  for (const way of WAYS) {
    const runs: Figures[] = [];
    for (let i = 0; i < RUNS; i++) {
      const { stdout } = await promisify(execFile)(process.execPath, [self, way, url, ...FLAGS], {
        env: { ...process.env, NODE_NO_WARNINGS: '1' },
      });
      runs.push(JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as Figures);
    }
    fake.stdin.write('\n');
    const wire = await nextLine();
    const median = (of: (run: Figures) => number) =>
      runs
        .map(of)
        .sort((a, b) => a - b)
        [Math.floor(RUNS / 2)]?.toFixed(1);
    print(
      `${way.padEnd(5)} ${median((r) => r.cpuPerPage)} ms/page  import ${median((r) => r.importMs)} ms  RSS ${median((r) => r.rss)} MiB  rows ${runs[0]?.rows}  wire: ${wire}`,
    );
  }
  fake.stdin.end();
}

const [, , role, url] = process.argv;
const way = WAYS.find((name) => name === role);
if (role === 'serve') await serve();
else if (way && url) process.stdout.write(`${JSON.stringify(await measure(way, url))}\n`);
else await main();

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fetch } from 'undici';
import { systemClock } from '#lib/runtime/clock.ts';
import { openWriteStore } from '#lib/store/index.ts';
import { commitListing, listAcceptDrain } from '#lib/sync/run/run-scope.ts';
import { aws } from '#providers/aws/index.ts';
import type { Call, Connection } from '#providers/contract.ts';
import { kubernetes } from '#providers/kubernetes/index.ts';
import { AWS_KEYS } from '#tests/fakes/aws.ts';
import { KUBE_TOKEN } from '#tests/fakes/kubernetes.ts';
import type { BenchFake } from './wire-fake.ts';

// Two listings in a process of its own: `node tests/bench/listing-run.ts <aws|kubernetes> <ours|bare> <the fake's line>`. Prints CPU and memory.

/** CPU in milliseconds of the listings alone, without start and imports. */
export interface ListingRun {
  /** Of the first: ours goes into an empty store. */
  first: number;
  /** Of the second, with nothing changed meanwhile. */
  again: number;
  rows: number;
  /** Highest resident memory of the process, MiB. */
  peak: number;
}

const logLine = (event: string, fields?: object) => void process.stderr.write(`${event} ${JSON.stringify(fields)}\n`);
const clock = systemClock;
const log = { debug() {}, info() {}, warn: logLine, error: logLine };
const folder = mkdtempSync(join(tmpdir(), 'muster-bench-'));

async function bareEc2(fake: BenchFake): Promise<() => Promise<number>> {
  const { EC2Client, paginateDescribeInstances } = await import('@aws-sdk/client-ec2');
  const credentials = { accessKeyId: AWS_KEYS.id, secretAccessKey: AWS_KEYS.secret };
  const client = new EC2Client({ region: fake.region, endpoint: fake.url, credentials });
  return async () => {
    let rows = 0;
    for await (const page of paginateDescribeInstances({ client, pageSize: 1000 }, {}))
      for (const reservation of page.Reservations ?? []) rows += reservation.Instances?.length ?? 0;
    return rows;
  };
}

async function barePods(fake: BenchFake): Promise<() => Promise<number>> {
  return async () => {
    let rows = 0;
    let next: string | undefined;
    do {
      const query = `limit=500${next ? `&continue=${next}` : ''}`;
      const answer = await fetch(`${fake.url}/${fake.cluster}/api/v1/pods?${query}`, {
        headers: { authorization: `Bearer ${KUBE_TOKEN}`, accept: 'application/json' },
      });
      const page = (await answer.json()) as { items: unknown[]; metadata: { continue?: string } };
      rows += page.items.length;
      next = page.metadata.continue;
    } while (next);
    return rows;
  };
}

function openOurs(provider: string, fake: BenchFake): Promise<Connection> {
  const environment = { source: 'bench', log, clock, random: Math.random };
  if (provider === 'aws')
    return aws
      .load()
      .then((adapter) =>
        adapter.open(
          aws.config.parse({ endpoint: fake.url, accounts: [{ id: fake.account }], regions: [fake.region] }),
          environment,
        ),
      );
  const kubeconfig = join(folder, 'kubeconfig');
  const named = (kind: string, value: object) => [{ name: 'bench', [kind]: value }];
  writeFileSync(
    kubeconfig,
    JSON.stringify({
      'current-context': 'bench',
      clusters: named('cluster', { server: `${fake.url}/${fake.cluster}` }),
      users: named('user', { token: KUBE_TOKEN }),
      contexts: named('context', { cluster: 'bench', user: 'bench' }),
    }),
  );
  return kubernetes.load().then((adapter) => adapter.open(kubernetes.config.parse({ kubeconfig }), environment));
}

async function ours(provider: string, fake: BenchFake): Promise<() => Promise<number>> {
  const connection = await openOurs(provider, fake);
  const store = await openWriteStore(join(folder, 'muster.db'), { clock });
  const part = provider === 'aws' ? 'instances' : 'pods';
  const signal = new AbortController().signal;
  const interval = 3_600_000;
  const tools = { store, clock, log, random: Math.random };
  return async () => {
    for await (const scope of connection.scopes({ signal })) {
      if (scope.part !== part) continue;
      await store.registerScopes('bench', [scope], { interval, at: clock.now() });
      const generation = await store.nextGeneration(scope.id);
      const list = (call: Call) => connection.list(scope, call);
      const listing = await listAcceptDrain(tools, scope, list, { interval }, signal);
      if (!listing.complete) throw new Error(JSON.stringify(listing.reason));
      await commitListing(tools, listing, generation, signal);
    }
    return (await store.scopes()).reduce((sum, scope) => sum + scope.count, 0);
  };
}

const [provider = '', how, text = ''] = process.argv.slice(2);
const fake = JSON.parse(text) as BenchFake;
const bare = provider === 'aws' ? bareEc2 : barePods;
try {
  const run = how === 'ours' ? await ours(provider, fake) : await bare(fake);
  const measured = async () => {
    const before = process.cpuUsage();
    const rows = await run();
    const { user, system } = process.cpuUsage(before);
    return { cpu: (user + system) / 1000, rows };
  };
  const [first, again] = [await measured(), await measured()];
  const peak = process.resourceUsage().maxRSS / 1024;
  const result: ListingRun = { first: first.cpu, again: again.cpu, rows: again.rows, peak };
  process.stdout.write(`${JSON.stringify(result)}\n`);
} finally {
  rmSync(folder, { recursive: true });
}
process.exit(0);

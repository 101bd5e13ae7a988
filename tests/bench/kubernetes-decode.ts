import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { fetch } from 'undici';
import { type Cluster, openFleet } from '#lib/demo/index.ts';
import { drain } from '#lib/model/index.ts';
import { podObject } from '#providers/kubernetes/mock/wire.ts';
import { KUBE_TOKEN, kubernetesCloud } from '#tests/fakes/kubernetes.ts';
import { type FakeCloud, json, type Reply, startFake } from '#tests/fakes/server.ts';
import { VirtualClock } from '#tests/support/clock.ts';
import { openSource, scratch, writeKubeconfig } from '#tests/support/kubernetes/kubernetes.ts';

// Listing and mapping of pods against two loops that keep nothing: the SDK's typed list, and one that only fetches and parses. Each
// runs in a process of its own: `node tests/bench/kubernetes-decode.ts <serve pods | ours | sdk | bare> <what serve printed>`.

const NOW = Date.parse('2026-11-21T09:00:00Z');

export interface DecodeFigures {
  pods: number;
  /** Containers that ours made of them. */
  rows: number;
  /** CPU milliseconds, medians. */
  ours: number;
  sdk: number;
  bare: number;
  /** Ours to the SDK's loop, and to the one that only parses. */
  ratioToSdk: number;
  ratioToBare: number;
  /** MiB, highest of ours. */
  peak: number;
}

interface Run {
  cpu: number;
  count: number;
  peak: number;
}

interface Served {
  url: string;
  clusters: string[];
  pods: number;
}

export async function benchKubernetesDecode(pods: number, times: number): Promise<DecodeFigures> {
  const server = spawn(process.execPath, ['--max-old-space-size=8192', import.meta.filename, 'serve', String(pods)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  try {
    const [served] = (await once(createInterface(server.stdout), 'line')) as [string];
    const run = async (how: string): Promise<Run> => {
      const { stdout } = await promisify(execFile)(process.execPath, [import.meta.filename, how, served]);
      return JSON.parse(stdout) as Run;
    };
    const bare: Run[] = [];
    const sdk: Run[] = [];
    const ours: Run[] = [];
    for (let i = 0; i < times; i++) {
      bare.push(await run('bare'));
      sdk.push(await run('sdk'));
      ours.push(await run('ours'));
    }
    const median = (values: number[]) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
    const [a, b, c] = [ours, sdk, bare].map((runs) => median(runs.map((r) => r.cpu))) as [number, number, number];
    return {
      pods: bare[0]?.count ?? 0,
      rows: ours[0]?.count ?? 0,
      ours: a,
      sdk: b,
      bare: c,
      ratioToSdk: a / b,
      ratioToBare: a / c,
      peak: Math.max(...ours.map((r) => r.peak)),
    };
  } finally {
    server.kill('SIGTERM');
  }
}

/** Pages are made before the first request: an answer costs the server no more than writing bytes. */
async function serve(wanted: number): Promise<void> {
  const fleet = openFleet({ seed: 1, resources: Math.min(1_000_000, wanted * 3), faults: false });
  const moment = fleet.at(NOW);
  const pages = new Map<string, Reply>();
  const names: string[] = [];
  let pods = 0;
  for (const cluster of fleet.clusters()) {
    if (pods >= wanted) break;
    names.push(cluster.name);
    pods += addPages(
      pages,
      cluster,
      [...moment.pods(cluster)].slice(0, wanted - pods).map((pod) => podObject(pod, '1')),
    );
  }
  const cloud = kubernetesCloud();
  const counted: FakeCloud = {
    action: (request) => cloud.action(request),
    answer: (request, tools) =>
      request.action === 'list pods'
        ? (pages.get(`${request.path.split('/')[1]} ${request.query.get('continue') ?? ''}`) ?? json({}, 404))
        : cloud.answer(request, tools),
  };
  const { url } = await startFake(counted, { fleet, now: () => NOW });
  process.stdout.write(`${JSON.stringify({ url, clusters: names, pods } satisfies Served)}\n`);
  process.on('SIGTERM', () => process.exit(0));
}

function addPages(pages: Map<string, Reply>, cluster: Cluster, items: object[]): number {
  for (let at = 0; at === 0 || at < items.length; at += 500) {
    const more = at + 500 < items.length ? { continue: `p${at + 500}` } : {};
    const metadata = { resourceVersion: '9', ...more };
    const token = at === 0 ? '' : `p${at}`;
    pages.set(
      `${cluster.name} ${token}`,
      json({ kind: 'PodList', apiVersion: 'v1', metadata, items: items.slice(at, at + 500) }),
    );
  }
  return items.length;
}

async function bareLoop({ url, clusters }: Served): Promise<() => Promise<number>> {
  return async () => {
    let count = 0;
    for (const cluster of clusters) {
      let next: string | undefined;
      do {
        const more = next ? `&continue=${next}` : '';
        const answer = await fetch(`${url}/${cluster}/api/v1/pods?limit=500${more}`, {
          headers: { authorization: `Bearer ${KUBE_TOKEN}` },
        });
        const page = (await answer.json()) as { items: unknown[]; metadata: { continue?: string } };
        count += page.items.length;
        next = page.metadata.continue;
      } while (next);
    }
    return count;
  };
}

async function sdkLoop({ url, clusters }: Served): Promise<() => Promise<number>> {
  const { CoreV1Api, KubeConfig } = await import('@kubernetes/client-node');
  const apis = clusters.map((name) => {
    const config = new KubeConfig();
    config.loadFromOptions({
      clusters: [{ name, server: `${url}/${name}`, skipTLSVerify: true }],
      users: [{ name, token: KUBE_TOKEN }],
      contexts: [{ name, cluster: name, user: name }],
      currentContext: name,
    });
    return config.makeApiClient(CoreV1Api);
  });
  return async () => {
    let count = 0;
    for (const api of apis) {
      let next: string | undefined;
      do {
        const page = await api.listPodForAllNamespaces({ limit: 500, ...(next ? { _continue: next } : {}) });
        count += page.items.length;
        next = page.metadata?._continue;
      } while (next);
    }
    return count;
  };
}

async function ourListing({ url, clusters }: Served, folder: string): Promise<() => Promise<number>> {
  const contexts = clusters.map((name) => ({ name, server: `${url}/${name}`, user: { token: KUBE_TOKEN } }));
  const connection = await openSource({ kubeconfig: await writeKubeconfig(folder, contexts) }, new VirtualClock(NOW));
  const call = { signal: new AbortController().signal };
  return async () => {
    let count = 0;
    for await (const scope of connection.scopes(call)) {
      if (scope.part !== 'pods') continue;
      const listing = await drain(scope, connection.list(scope, call), (error) => {
        throw error;
      });
      if (!listing.complete) throw new Error('the listing is not complete');
      count += listing.resources.size;
    }
    return count;
  };
}

async function measured(run: () => Promise<number>): Promise<Run> {
  const before = process.cpuUsage();
  const count = await run();
  const { user, system } = process.cpuUsage(before);
  return { cpu: (user + system) / 1000, count, peak: process.resourceUsage().maxRSS / 1024 };
}

if (process.argv[1] === import.meta.filename) {
  const [how, text = ''] = process.argv.slice(2);
  if (how === 'serve') await serve(Number(text));
  else {
    // Of the kubeconfig, which is read anew whenever clusters are looked for.
    const { folder, remove } = await scratch();
    const served = JSON.parse(text) as Served;
    const loops: Record<string, () => Promise<() => Promise<number>>> = {
      bare: () => bareLoop(served),
      sdk: () => sdkLoop(served),
      ours: () => ourListing(served, folder),
    };
    const loop = loops[how ?? ''];
    if (!loop) throw new Error(`no loop ${how}`);
    const figures = await measured(await loop()).finally(remove);
    process.stdout.write(JSON.stringify(figures));
    process.exit(0);
  }
}

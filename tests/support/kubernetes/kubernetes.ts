import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { stringify } from 'yaml';
import { type Batch, drain, type Listing, type Resource, type Scope } from '#lib/model/index.ts';
import { type Clock, type Connection, type Logger, ProviderError, type WatchEvent } from '#providers/contract.ts';
import { adapter } from '#providers/kubernetes/adapter.ts';
import { kubernetes } from '#providers/kubernetes/index.ts';
import type { KubeObject } from '#tests/fakes/kube-store.ts';
import { silentLogger } from '#tests/support/log.ts';
import type { VirtualClock } from '../clock.ts';

/** A folder of its own for one test's kubeconfig and what it names. */
export async function scratch(): Promise<{ folder: string; remove(): Promise<void> }> {
  const folder = await mkdtemp(path.join(tmpdir(), 'muster-kube-'));
  return { folder, remove: () => rm(folder, { recursive: true, force: true }) };
}

export interface TestContext {
  name: string;
  server: string;
  cluster?: Record<string, unknown>;
  user?: Record<string, unknown>;
}

/** A kubeconfig; `more` stands beside its lists. */
export const kubeconfigText = (contexts: readonly TestContext[], more: object = {}): string =>
  stringify({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: contexts.map(({ name, server, cluster }) => ({
      name: `${name}-cluster`,
      cluster: { server, ...cluster },
    })),
    users: contexts.map(({ name, user }) => ({ name: `${name}-user`, user: user ?? { token: 'tok' } })),
    contexts: contexts.map(({ name }) => ({ name, context: { cluster: `${name}-cluster`, user: `${name}-user` } })),
    'current-context': contexts[0]?.name,
    ...more,
  });

export async function writeKubeconfig(folder: string, contexts: readonly TestContext[]): Promise<string> {
  const file = path.join(folder, 'config');
  await writeFile(file, kubeconfigText(contexts));
  return file;
}

export function openSource(config: object, clock: VirtualClock, log: Logger = silentLogger): Promise<Connection> {
  return adapter.open(kubernetes.config.parse(config), { source: 'k', log, clock, random: () => 0.5 });
}

export async function scopesOf(connection: Connection, signal = new AbortController().signal): Promise<Scope[]> {
  const scopes: Scope[] = [];
  for await (const scope of connection.scopes({ signal })) scopes.push(scope);
  return scopes;
}

export const readListing = (scope: Scope, batches: AsyncIterable<Batch>): Promise<Listing> =>
  drain(scope, batches, (error) => {
    if (!(error instanceof ProviderError)) throw error;
    return { kind: error.kind, message: error.message };
  });

export const list = (connection: Connection, scope: Scope, signal = new AbortController().signal): Promise<Listing> =>
  readListing(scope, connection.list(scope, { signal }));

const PASSING: ReadonlySet<string> = new Set(['network', 'timeout', 'bad-reply', 'rate-limit']);

/** What a follower of a watch believes: the rows by origin, as the sync keeps them. */
export class Mirror {
  readonly rows = new Map<string, Resource[]>();
  listings: Listing[] = [];
  upserts = 0;
  heartbeats = 0;
  /** What ended sessions that were begun anew. */
  breaks: ProviderError[] = [];
  error: unknown;
  done: Promise<void> = Promise.resolve();
  readonly #stop = new AbortController();

  /** @param clock begins a session that broke anew, as the sync does: after a second, or what the system asked for */
  static follow(connection: Connection, scope: Scope, clock?: Clock): Mirror {
    const mirror = new Mirror();
    const watch = connection.watch?.bind(connection);
    if (!watch) throw new Error('no watch');
    mirror.done = mirror.#follow(scope, watch, clock);
    return mirror;
  }

  uids(): string[] {
    return [...this.rows.values()].flatMap((rows) => rows.map((row) => row.uid)).sort();
  }

  async stop(): Promise<void> {
    this.#stop.abort(new Error('the test is over'));
    await this.done;
  }

  async #follow(scope: Scope, watch: NonNullable<Connection['watch']>, clock: Clock | undefined): Promise<void> {
    const { signal } = this.#stop;
    for (;;) {
      const resume = this.listings.at(-1)?.complete === true;
      const error = await this.#read(scope, watch(scope, { signal, resume }));
      if (!clock || !(error instanceof ProviderError) || !PASSING.has(error.kind)) {
        this.error = error;
        return;
      }
      this.breaks.push(error);
      await clock.sleep(error.retryAfterMs ?? 1000, signal).catch(() => undefined);
    }
  }

  /** Resolves with what ended the session. */
  async #read(scope: Scope, events: AsyncIterable<WatchEvent>): Promise<unknown> {
    try {
      for await (const event of events) {
        if (event.type === 'listing') await this.#list(scope, event.batches);
        else if (event.type === 'upsert') {
          this.upserts++;
          if (event.resources.length === 0) this.rows.delete(event.objectId);
          else this.rows.set(event.objectId, event.resources);
        } else this.heartbeats++;
      }
      return undefined;
    } catch (error) {
      return error;
    }
  }

  async #list(scope: Scope, batches: AsyncIterable<Batch>): Promise<void> {
    const listing = await readListing(scope, batches);
    if (listing.complete) this.rows.clear();
    for (const row of listing.resources.values()) this.rows.set(row.objectId, []);
    for (const row of listing.resources.values()) this.rows.get(row.objectId)?.push(row);
    this.listings.push(listing);
  }
}

/** Longer sleeps are watchdogs, which only the tests about them may wake. */
const WATCHDOG_MS = 60_000;

/** Lets I/O and short virtual waits happen until the condition holds. The test's own time limit ends a wait for nothing. */
export async function until(clock: VirtualClock, condition: () => boolean): Promise<void> {
  while (!condition()) {
    for (let i = 0; i < 5 && !condition(); i++) await new Promise<void>((resolve) => setImmediate(resolve));
    const next = clock.sleeping()[0];
    if (!condition() && next !== undefined && next <= WATCHDOG_MS) await clock.advance(next);
  }
}

/** A pod of one container that runs, as an API server has it; `fields` replace those of the same name in metadata, spec and status. */
export function aPod(n: number, fields: { metadata?: object; spec?: object; status?: object } = {}): KubeObject {
  return {
    metadata: {
      name: `web-${n}`,
      namespace: 'shop',
      uid: `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`,
      creationTimestamp: '2026-11-21T08:00:00Z',
      labels: { app: 'web' },
      ...fields.metadata,
    },
    spec: { containers: [{ name: 'app', image: 'shop/web:1' }], nodeName: 'node-1', ...fields.spec },
    status: {
      phase: 'Running',
      podIP: '10.1.0.1',
      qosClass: 'Burstable',
      containerStatuses: [
        {
          name: 'app',
          state: { running: { startedAt: '2026-11-21T08:00:05Z' } },
          restartCount: 0,
          containerID: `containerd://c${n}`,
        },
      ],
      ...fields.status,
    },
  };
}

export const aNode = (name: string, zone = 'eu-west-1a', spec: object = {}): KubeObject => ({
  metadata: {
    name,
    uid: `node-uid-${name}`,
    labels: {
      'topology.kubernetes.io/region': zone.slice(0, -1),
      'topology.kubernetes.io/zone': zone,
      'kubernetes.io/os': 'linux',
    },
  },
  spec,
  status: {
    conditions: [{ type: 'Ready', status: 'True' }],
    capacity: { cpu: '4', memory: '16Gi' },
    allocatable: { cpu: '3920m', memory: '15Gi' },
  },
});

export const owned = (kind: string, name: string, apiVersion = 'apps/v1') => ({
  ownerReferences: [{ apiVersion, kind, name, uid: `${kind}-${name}`, controller: true }],
});

export const anOwner = (kind: string, name: string, above: { kind: string; name: string }): KubeObject => ({
  metadata: { name, namespace: 'shop', uid: `${kind}-${name}`, ...owned(above.kind, above.name) },
});

import { type Cluster, type Fleet, fleetOf, type Moment } from '#lib/demo/index.ts';
import { type Call, type Environment, ProviderError } from '#providers/contract.ts';
import type { MockOptions } from '#providers/kit/mock/mock-options.ts';
import { mockPages } from '#providers/kit/mock/mock-pages.ts';
import { type ClusterClient, OPENED, PATHS, type WatchQuery } from '../client/client.ts';
import type { RawEvent, RawObject } from '../map/raw.ts';
import { nodeObject, ownerObject, podObject, runtimeClassObjects } from './wire.ts';

/** How often a mock cluster looks for what its fleet did since. */
const TICK_MS = 1000;
const BOOKMARK_MS = 60_000;

/**
 * The clusters of the fleet as clients of the real adapter: lists, and watches that live as the fleet changes. Their versions are
 * moments in milliseconds; nobody but this file knows.
 */
export function mockClients(
  options: MockOptions,
  contexts: readonly string[] | undefined,
  env: Environment,
): ClusterClient[] {
  const fleet = fleetOf(options);
  return fleet
    .clusters()
    .filter((cluster) => contexts?.includes(cluster.name) ?? true)
    .map((cluster) => mockClient(fleet, cluster, env));
}

function mockClient(fleet: Fleet, cluster: Cluster, env: Environment): ClusterClient {
  const listings = mockPages<RawObject>(500);
  // A page's version is that of its listing's first page.
  const versions = new Map<string, number>();
  return {
    context: cluster.name,
    name: cluster.name,
    insecure: false,
    async uid({ signal }) {
      signal.throwIfAborted();
      return cluster.uid;
    },
    async page(path, query, { signal }) {
      signal.throwIfAborted();
      const at = (query.continue && versions.get(query.continue)) || env.clock.now();
      if (query.continue) versions.delete(query.continue);
      const start = () => filtered(objects(path, fleet.at(at), cluster, String(at)), path, query.fieldSelector);
      const { rows, next } = listings.page(`cluster ${cluster.name}`, query.continue, start);
      if (next) versions.set(next, at);
      return { items: rows, resourceVersion: String(at), next };
    },
    watch: (path, query, call) => watch(fleet, cluster, env, path, query, call),
    renew: () => undefined,
    close: async () => undefined,
  };
}

function objects(path: string, moment: Moment, cluster: Cluster, version: string): Iterable<RawObject> {
  switch (path.replace(/\/namespaces\/[^/]+/, '')) {
    case PATHS.pods:
      return map(moment.pods(cluster), (pod) => podObject(pod, version));
    case PATHS.nodes:
      return map(moment.nodes(cluster), (node) => nodeObject(node, version));
    case PATHS['replicasets.apps']:
      return owners(moment, cluster, 'ReplicaSet', version);
    case PATHS['jobs.batch']:
      return owners(moment, cluster, 'Job', version);
    case PATHS['runtimeclasses.node.k8s.io']:
      return runtimeClassObjects(cluster);
    default:
      throw new ProviderError('unsupported', `cluster ${cluster.name}`, `does not know ${path}`);
  }
}

function* owners(moment: Moment, cluster: Cluster, kind: string, version: string): Generator<RawObject> {
  for (const owner of moment.owners(cluster)) if (owner.kind === kind) yield ownerObject(owner, version);
}

function* map<T>(items: Iterable<T>, make: (item: T) => RawObject): Generator<RawObject> {
  for (const item of items) yield make(item);
}

function* filtered(items: Iterable<RawObject>, path: string, selector: string | undefined): Generator<RawObject> {
  const name = selector?.replace(/^metadata\.name=/, '');
  const namespace = /\/namespaces\/([^/]+)\//.exec(path)?.[1];
  for (const item of items) {
    if (name !== undefined && item.metadata?.name !== name) continue;
    if (namespace !== undefined && item.metadata?.namespace !== decodeURIComponent(namespace)) continue;
    yield item;
  }
}

async function* watch(
  fleet: Fleet,
  cluster: Cluster,
  { clock }: Environment,
  path: string,
  query: WatchQuery,
  { signal }: Call,
): AsyncGenerator<RawEvent> {
  yield { type: OPENED, object: {} };
  const ends = clock.monotonic() + query.timeoutSeconds * 1000;
  let from = Number(query.resourceVersion);
  let bookmark = clock.monotonic() + BOOKMARK_MS;
  while (clock.monotonic() < ends) {
    await clock.sleep(TICK_MS, signal);
    const to = clock.now();
    // A wall clock that was set back has no news.
    if (to <= from) continue;
    const events = path === PATHS.nodes ? nodeEvents(fleet, cluster, from, to) : podEvents(fleet, cluster, from, to);
    yield* events;
    from = to;
    if (clock.monotonic() < bookmark) continue;
    bookmark = clock.monotonic() + BOOKMARK_MS;
    yield { type: 'BOOKMARK', object: { metadata: { resourceVersion: String(to) } } };
  }
}

type Changed<T> = { put: readonly T[]; gone: readonly T[] };

const podEvents = (fleet: Fleet, cluster: Cluster, from: number, to: number): RawEvent[] =>
  events(fleet.changedPods(cluster, from, to), from, to, podObject);

const nodeEvents = (fleet: Fleet, cluster: Cluster, from: number, to: number): RawEvent[] =>
  events(fleet.changedNodes(cluster, from, to), from, to, nodeObject);

/** Only the last event of a tick carries its version: a watch that is taken up between two of them must not miss the rest. */
function events<T>(
  { put, gone }: Changed<T>,
  from: number,
  to: number,
  make: (item: T, version: string) => RawObject,
): RawEvent[] {
  const last = put.length + gone.length - 1;
  const version = (index: number): string => String(index === last ? to : from);
  return [
    ...gone.map((item, i) => ({ type: 'DELETED', object: make(item, version(i)) })),
    ...put.map((item, i) => ({ type: 'MODIFIED', object: make(item, version(gone.length + i)) })),
  ];
}

import type { DetailError, DetailField } from '#lib/model/index.ts';
import { abortable } from '#lib/runtime/abort.ts';
import { type Call, type Environment, ProviderError } from '#providers/contract.ts';
import { createDetailCalls, type DetailCalls } from '#providers/kit/details/stale-if-error.ts';
import { retry } from '#providers/kit/retry.ts';
import { named } from '#providers/kit/wire/named.ts';
import { type ClusterClient, inNamespace, PATHS } from '../client/client.ts';
import { type Lookup, type NodeFacts, nodeFacts } from '../clusters/place.ts';
import type { RawObject, RawOwner, RawPod, RawRuntimeClass } from '../map/raw.ts';
import { text } from '../map/read.ts';
import { OF_NODE } from '../map/unknown.ts';
import { readPages } from './pages.ts';

/**
 * What pods are joined with. A table that cannot be read leaves its fields unknown and the pods as they are. None of them outlives the
 * process: they are as large as the cluster and change with each rollout, and what a row had before is kept in the store anyway.
 */
export interface Lookups extends Lookup {
  /** Reads the tables; before a listing of pods. */
  prepare(call: Call): Promise<void>;
  /** Reads what these pods name and the tables lack. */
  complete(pods: readonly RawPod[], call: Call): Promise<void>;
  /** The tables that could not be read. */
  errors(): DetailError[];
  /** Resolves once a table works again that rows were mapped without, which it tries by the pauses of each: only a new list makes them right. */
  mended(call: Call): Promise<void>;
  close(): void;
}

/** Good for the two scopes of a cluster that are listed in one breath, too short to serve a later listing. */
const TTL_MS = 20_000;
/** From here on one listing of the kind is cheaper than reading singly. */
const MANY = 20;
/** Between two tries to mend a table at least, also where it may be tried at once. */
const LEAST_PAUSE_MS = 1000;
/** How often that listing may be read at most. */
const AGAIN_MS = 1000;

const OF_OWNER: readonly DetailField[] = ['workload'];
const OF_CLASS: readonly DetailField[] = ['isolation'];

interface Wanted {
  key: string;
  namespace: string | null;
  name: string;
}

export function createLookups(client: ClusterClient, env: Environment): Lookups {
  const calls = createDetailCalls(env);
  const controllerName = (object: RawObject) => {
    const owner = ownerOf(object);
    const [kind, name] = [text(owner?.kind), text(owner?.name)];
    return kind !== null && name !== null ? { kind, name } : null;
  };
  const uid = (object: RawObject) => text(object?.metadata?.uid);
  const name = (object: RawObject) => text(object?.metadata?.name);
  const replicaSets = table(calls, client, env, 'replicasets.apps', OF_OWNER, true, uid, controllerName);
  const jobs = table(calls, client, env, 'jobs.batch', OF_OWNER, true, uid, controllerName);
  const nodes = table<NodeFacts>(calls, client, env, 'nodes', OF_NODE, true, name, (object) =>
    nodeFacts(object.metadata?.labels),
  );
  // Its handler stands outside of the metadata.
  const classes = table(
    calls,
    client,
    env,
    'runtimeclasses.node.k8s.io',
    OF_CLASS,
    false,
    name,
    (object) => text((object as RawRuntimeClass).handler) ?? '',
  );

  const tables = [replicaSets, jobs, nodes, classes];
  /** Resolves, and is made anew, when rows were mapped without a table. */
  let miss = Promise.withResolvers<void>();
  const missing = () => {
    miss.resolve();
    miss = Promise.withResolvers();
  };

  return {
    node: (key) => nodes.get(key) ?? undefined,
    controller: (kind, key) => {
      const found = (kind === 'Job' ? jobs : replicaSets).get(key);
      return found === undefined ? 'unknown' : found;
    },
    handler: (key) => classes.get(key) ?? undefined,
    prepare: async (call) => {
      // One after the other: a cluster that throttles is not asked four things at once.
      for (const each of tables) await each.refresh(call);
      if (tables.some((each) => each.missed())) missing();
    },
    async complete(objects, call) {
      const pods = objects.filter((pod) => typeof pod === 'object' && pod !== null);
      const owned = (kind: string, group: string): Wanted[] =>
        pods.flatMap((pod) => {
          const owner = ownerOf(pod);
          if (owner?.kind !== kind || !owner.apiVersion?.startsWith(group) || !owner.uid || !owner.name) return [];
          return [{ key: owner.uid, namespace: text(pod.metadata?.namespace), name: owner.name }];
        });
      const named = (pick: (pod: RawPod) => unknown): Wanted[] =>
        pods.flatMap((pod) => {
          const value = text(pick(pod));
          return value === null ? [] : [{ key: value, namespace: null, name: value }];
        });
      await replicaSets.complete(owned('ReplicaSet', 'apps/'), call);
      await jobs.complete(owned('Job', 'batch/'), call);
      await nodes.complete(
        named((pod) => pod.spec?.nodeName),
        call,
      );
      await classes.complete(
        named((pod) => pod.spec?.runtimeClassName),
        call,
      );
      if (tables.some((each) => each.missed())) missing();
    },
    errors: () => tables.map((each) => each.error()).filter((error) => error !== null),
    async mended({ signal }) {
      for (;;) {
        const missed = tables.filter((each) => each.missed());
        if (missed.length === 0) await abortable(miss.promise, signal);
        else {
          const due = Math.min(...missed.map((each) => each.retryAt()));
          await env.clock.sleep(Math.max(LEAST_PAUSE_MS, due - env.clock.monotonic()), signal);
          const tries = await abortable(Promise.all(missed.map((each) => each.mend())), signal);
          if (tries.includes(true)) return;
        }
      }
    },
    close: () => calls.close(),
  };
}

/** The mapping says what is wrong with an object that is not what it should be; here it just names nothing. */
function ownerOf(object: RawObject): RawOwner | undefined {
  const owners = object?.metadata?.ownerReferences;
  return Array.isArray(owners) ? owners.find((owner) => owner?.controller === true) : undefined;
}

function table<T>(
  calls: DetailCalls,
  client: ClusterClient,
  env: Environment,
  action: keyof typeof PATHS,
  fields: readonly DetailField[],
  metadataOnly: boolean,
  keyOf: (object: RawObject) => string | null,
  read: (object: RawObject) => T,
) {
  const path = PATHS[action];
  let rows = new Map<string, T>();
  /** When an object was looked for and was not there: it may come later, as a node that registers behind its pods. */
  const absent = new Map<string, number>();
  let loaded = 0;
  let loadedAt = Number.NEGATIVE_INFINITY;
  /** Rows were mapped without it, and not listed since: a watch that breaks between the two must still list anew. */
  let missed = false;

  const detail = calls.of(
    { call: `list ${action}`, account: client.name, fields, ttlMs: TTL_MS },
    async (call, heartbeat): Promise<true> => {
      const fresh = new Map<string, T>();
      for await (const { items, restart } of readPages(client, action, { metadataOnly }, env, call)) {
        heartbeat();
        if (restart) fresh.clear();
        for (const object of items) {
          const key = keyOf(object);
          if (key !== null) fresh.set(key, read(object));
        }
      }
      rows = fresh;
      absent.clear();
      loaded = fresh.size;
      loadedAt = env.clock.monotonic();
      return true;
    },
  );

  return {
    /** `undefined`: not known. */
    get: (key: string): T | undefined => rows.get(key),
    error: () => detail.error,
    async refresh(call: Call): Promise<void> {
      absent.clear();
      missed = (await detail.ask(call)).error !== null;
    },
    async complete(wanted: readonly Wanted[], call: Call): Promise<void> {
      const missing = new Map<string, Wanted>();
      const now = env.clock.monotonic();
      for (const want of wanted)
        if (!rows.has(want.key) && now - (absent.get(want.key) ?? Number.NEGATIVE_INFINITY) >= TTL_MS)
          missing.set(want.key, want);
      if (missing.size === 0) return;
      // A watch lives for months while owners come and go: what was read long ago goes with the next full reading.
      if (!detail.error && (missing.size > MANY || rows.size + absent.size > 2 * loaded + 10_000)) {
        // Pods of owners that are no more would ask for the same table with each page.
        if (env.clock.monotonic() - loadedAt > AGAIN_MS) await detail.askAnew(call);
      } else
        for (const want of missing.values()) {
          // While it fails it is asked for by its own pauses, not with each pod.
          if (detail.error) break;
          const found = await calls.attempt(client.name, call, (by) => single(want, by));
          if (found instanceof ProviderError) detail.fail(found);
          else if (found.value === undefined) absent.set(want.key, env.clock.monotonic());
          else rows.set(want.key, found.value);
        }
      if (detail.error) missed = true;
    },
    missed: () => missed,
    retryAt: () => detail.retryAt,
    /** @returns true where it works now, and what was mapped without it can be mapped anew; only the list that does so settles it */
    mend: () => detail.mend(),
  };

  async function single(want: Wanted, call: Call): Promise<T | undefined> {
    const where = want.namespace === null ? path : inNamespace(path, want.namespace);
    const query = { limit: 1, metadataOnly, fieldSelector: `metadata.name=${want.name}` };
    const { items } = await named(`list ${action}`, () => retry(env, call, () => client.page(where, query, call)));
    const found = items.find((object) => keyOf(object) === want.key);
    return found === undefined ? undefined : read(found);
  }
}

import type { Scope } from '#lib/model/index.ts';
import type { Permit } from '#lib/runtime/semaphore.ts';
import {
  type Adapter,
  type Call,
  type Connection,
  type Environment,
  type Permission,
  ProviderError,
} from '../contract.ts';
import type { ClusterClient } from './client/client.ts';
import { type ConnectionSemaphore, createConnectionSemaphore } from './clusters/connection-semaphore.ts';
import { createDirectory, type Directory } from './clusters/directory.ts';
import { fixedMembers, type Members } from './clusters/members.ts';
import { createPlace } from './clusters/place.ts';
import type { KubernetesConfig } from './config.ts';
import { type Reading, startListing } from './list/listing.ts';
import { scopesOf, unidentified } from './list/scopes.ts';
import { nowhere, type Position, watchScope } from './list/watch.ts';
import type { Part } from './map/map.ts';
import { AT_ONCE, checkPermissions } from './permissions.ts';

/**
 * Connections of one source at once, but for established watches: those that are attempted, identified over, listed over. Two watches
 * of each live cluster, one for each of its scopes, are a connection each on top.
 */
const CONNECTIONS = 32;

/** The contract over any clusters, real or mock. */
export function connect(members: Members, env: Environment): Connection {
  const semaphore = createConnectionSemaphore(env, CONNECTIONS);
  const directory = createDirectory(members, semaphore, env);
  const session = createSession(directory, semaphore, env);
  /** By scope. */
  const positions = new Map<string, Position>();
  return {
    async *scopes(call) {
      for await (const { uid, member } of directory.discover(call)) {
        if (uid === null) yield unidentified(env.source, member);
        else yield* scopesOf(env.source, uid, member);
      }
    },
    async *list(scope, call) {
      if (scope.part === 'discovery') return directory.retry(scope.account, call);
      const { reading, release, refused } = await session(scope, call);
      try {
        yield* startListing(reading, call).batches;
      } catch (error) {
        if (isRefusal(error)) refused();
        throw error;
      } finally {
        release();
      }
    },
    async *watch(scope, call) {
      const at = positions.get(scope.id) ?? nowhere();
      positions.set(scope.id, at);
      let opened: Opened | null = null;
      try {
        yield* watchScope(
          async (inner) => {
            opened = await session(scope, inner);
            return opened;
          },
          at,
          env,
          call,
        );
      } catch (error) {
        if (isRefusal(error)) (opened as Opened | null)?.refused();
        throw error;
      }
    },
    permissions: (call) => permissions(directory, semaphore, call),
    close: () => members.close(),
  };
}

/** A cluster ready to be read, in a place that is held from the first connection on. */
interface Opened {
  reading: Reading;
  release(): void;
  /** It may not be listed so. */
  refused(): void;
}

export type Session = (scope: Scope, call: Call) => Promise<Opened>;

function createSession(directory: Directory, semaphore: ConnectionSemaphore, env: Environment): Session {
  return async (scope, call) => {
    const part = partOf(scope);
    await directory.waitUntilReady(scope.account, call);
    const { release } = await semaphore.acquire('steady', call.signal);
    try {
      const { client, lookups, member, name } = await directory.find(scope.account, call, part);
      const place = createPlace({
        source: env.source,
        scope: scope.id,
        cluster: scope.account,
        clusterName: name,
      });
      const failed = (error: ProviderError): void => {
        member.failure ??= error;
      };
      const reading = { client, lookups, env, place, part, semaphore, isCurrent: () => member.current, failed };
      return { reading, release, refused: () => directory.refused(member, part) };
    } catch (error) {
      release();
      throw error;
    }
  };
}

const isRefusal = (error: unknown): boolean => error instanceof ProviderError && error.kind === 'permission';

function partOf(scope: Scope): Part {
  if (scope.part === 'pods' || scope.part === 'nodes') return scope.part;
  throw new ProviderError('config', scope.label, `${scope.part} is not listed by this provider`);
}

/** A cluster that has not said who it is has one thing to tell. */
async function* permissions(
  directory: Directory,
  semaphore: ConnectionSemaphore,
  call: Call,
): AsyncGenerator<Permission> {
  const clients: ClusterClient[] = [];
  for await (const { uid, member } of directory.discover(call)) {
    if (uid !== null && !member.failure && 'client' in member.access) clients.push(member.access.client);
    else {
      const { kind, message } = member.failure ?? { kind: 'network', message: null };
      const state = kind === 'permission' ? 'denied' : 'unknown';
      yield { action: 'get namespaces/kube-system', account: member.name, region: null, state, message };
    }
  }
  // In places that it holds: what is tried here is not on top of everything else.
  const permits: Permit[] = [];
  try {
    for (let i = 0; i < Math.min(AT_ONCE, clients.length); i++)
      permits.push(await semaphore.acquire('steady', call.signal));
    yield* checkPermissions(clients, call);
  } finally {
    for (const permit of permits) permit.release();
  }
}

export const adapter: Adapter<KubernetesConfig> = {
  async open(config, env) {
    if (config.mock) {
      const { mockClients } = await import('./mock/mock.ts');
      return connect(fixedMembers(mockClients(config.mock, config.contexts, env), env), env);
    }
    const { openClusters } = await import('./clusters/source.ts');
    return connect(await openClusters(config, env), env);
  },
};

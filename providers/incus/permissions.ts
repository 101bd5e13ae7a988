import { type Call, type Permission, ProviderError } from '../contract.ts';
import type { IncusClient } from './client/client.ts';
import { serverOf } from './map/server.ts';
import type { Action } from './policy.ts';

/** No instance has it: a server that may be asked says that there is none. */
const NOBODY = 'muster-looks-for-nobody';

/** @param project null for all of them */
type Check = (client: IncusClient, project: string | null, call: Call) => Promise<unknown>;

const CHECKS: Readonly<Record<Action, Check>> = {
  'GET /1.0': (client, _, call) => client.server(call),
  // A server that is in no cluster has nothing to deny.
  'GET /1.0/cluster/members': async (client, _, call) => {
    if (serverOf(await client.server(call), client.host).clustered) await client.members(call);
  },
  'GET /1.0/resources': (client, _, call) => client.resources(null, call),
  'GET /1.0/projects/{name}': (client, project, call) => client.project(project ?? 'default', call),
  'GET /1.0/instances': (client, project, call) => client.names(project, call),
  'GET /1.0/instances/{name}': (client, project, call) => client.instance(project ?? 'default', NOBODY, call),
  'GET /1.0/events': (client, project, call) => client.checkEvents(project, call),
};

/** Calls that are tried in each project that is named. */
const OF_PROJECT: ReadonlySet<string> = new Set<Action>([
  'GET /1.0/projects/{name}',
  'GET /1.0/instances',
  'GET /1.0/instances/{name}',
  'GET /1.0/events',
]);

export async function* checkPermissions(
  clients: readonly IncusClient[],
  projects: readonly string[] | null,
  call: Call,
): AsyncGenerator<Permission> {
  for (const client of clients)
    for (const [action, check] of Object.entries(CHECKS)) {
      const about = { action, account: client.host, region: null };
      try {
        for (const project of OF_PROJECT.has(action) ? (projects ?? [null]) : [null])
          await check(client, project, call);
        yield { ...about, state: 'allowed', message: null };
      } catch (error) {
        call.signal.throwIfAborted();
        if (!(error instanceof ProviderError)) throw error;
        yield { ...about, state: error.kind === 'permission' ? 'denied' : 'unknown', message: error.message };
      }
    }
}

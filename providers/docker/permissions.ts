import { type Call, type Permission, ProviderError } from '../contract.ts';
import { type DockerClient, EngineError } from './client/client.ts';
import type { Action } from './policy.ts';

/** No container has it: an engine that may be asked says 404, a proxy that denies the call 403. */
const NOBODY = '0'.repeat(64);

const CHECKS: Readonly<Record<Action, (client: DockerClient, call: Call) => Promise<unknown>>> = {
  'GET /_ping': (client, call) => client.ping(call),
  'GET /info': (client, call) => client.info(call),
  'GET /containers/json': (client, call) => client.containers([NOBODY], call),
  'GET /containers/{id}/json': (client, call) =>
    client.inspect(NOBODY, call).catch((error: unknown) => {
      if (!(error instanceof EngineError) || error.status !== 404) throw error;
    }),
  // A span that is over: the stream ends at once.
  'GET /events': async (client, call) => {
    const stop = new AbortController();
    await client.events({ since: 1, until: 1 }, { signal: AbortSignal.any([call.signal, stop.signal]) });
    stop.abort();
  },
};

export async function* checkPermissions(clients: readonly DockerClient[], call: Call): AsyncGenerator<Permission> {
  for (const client of clients)
    for (const [action, check] of Object.entries(CHECKS)) {
      const about = { action, account: client.host, region: null };
      try {
        await check(client, call);
        yield { ...about, state: 'allowed', message: null };
      } catch (error) {
        call.signal.throwIfAborted();
        if (!(error instanceof ProviderError)) throw error;
        yield { ...about, state: error.kind === 'permission' ? 'denied' : 'unknown', message: error.message };
      }
    }
}

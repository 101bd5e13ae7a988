import { named } from '#providers/kit/wire/named.ts';
import { type Call, type Permission, ProviderError } from '../contract.ts';
import { each } from '../kit/each.ts';
import { type ClusterClient, PATHS } from './client/client.ts';

/** The rules of `permissions.yaml`, each as the cheapest call that needs it. */
const CHECKS: readonly { action: string; run(client: ClusterClient, call: Call): Promise<unknown> }[] = [
  { action: 'get namespaces/kube-system', run: (client, call) => client.uid(call) },
  ...(Object.keys(PATHS) as (keyof typeof PATHS)[]).map((kind) => ({
    action: `list ${kind}`,
    run: (client: ClusterClient, call: Call) => client.page(PATHS[kind], { limit: 1, metadataOnly: true }, call),
  })),
  ...(['pods', 'nodes'] as const).map((kind) => ({
    action: `watch ${kind}`,
    run: async (client: ClusterClient, call: Call) => {
      const { resourceVersion } = await client.page(PATHS[kind], { limit: 1, metadataOnly: true }, call);
      for await (const _ of client.watch(PATHS[kind], { resourceVersion, timeoutSeconds: 1 }, call)) return;
    },
  })),
];

/** Clusters that are tried at a time. */
export const AT_ONCE = 8;
/** What the first call meets, the others would meet as well, each after its own timeout. */
const DEAD = new Set(['network', 'timeout', 'auth', 'config']);

export async function* checkPermissions(clients: readonly ClusterClient[], call: Call): AsyncGenerator<Permission> {
  for await (const found of each(clients, AT_ONCE, (client) => checkCluster(client, call))) yield* found;
}

async function checkCluster(client: ClusterClient, call: Call): Promise<Permission[]> {
  const found: Permission[] = [];
  let dead: ProviderError | null = null;
  for (const { action, run } of CHECKS) {
    call.signal.throwIfAborted();
    const common = { action, account: client.name, region: null };
    try {
      if (dead) throw dead;
      await named(action, () => run(client, call));
      found.push({ ...common, state: 'allowed', message: null });
    } catch (error) {
      call.signal.throwIfAborted();
      if (!(error instanceof ProviderError)) throw error;
      if (DEAD.has(error.kind)) dead = error;
      found.push({ ...common, state: error.kind === 'permission' ? 'denied' : 'unknown', message: error.message });
    }
  }
  return found;
}

import { parse } from 'yaml';
import { type Call, type Environment, ProviderError, UnseenAccounts } from '#providers/contract.ts';
import { each } from '#providers/kit/each.ts';
import { asArray, asRecord, asString } from '#providers/kit/read.ts';
import { retry } from '#providers/kit/retry.ts';
import { named } from '#providers/kit/wire/named.ts';
import { pages } from '#providers/kit/wire/pages.ts';
import { unexpected } from '#providers/kit/wire/unexpected.ts';
import { openAccess } from './client-access.ts';
import type { AzureAccessOptions } from './options.ts';
import { subscriptionCalls, subscriptionsOf } from './subscriptions.ts';

/** Subscriptions, or clusters of one, that are asked at a time. */
const AT_ONCE = 8;
const API = '2024-09-01';
const LIST = 'Microsoft.ContainerService/managedClusters/read';
const CREDENTIAL = 'Microsoft.ContainerService/managedClusters/listClusterUserCredential/action';
/** The Entra application that every AKS API server with Entra sign-in trusts: https://learn.microsoft.com/azure/aks/kubelogin-authentication */
const SERVER_SCOPE = '6dae42f8-4368-4678-94ff-3960e28e3630/.default';
const PASSING: ReadonlySet<string> = new Set(['network', 'timeout', 'rate-limit', 'bad-reply']);
const ID =
  /^\/subscriptions\/[^/]+\/resourceGroups\/([\w.()-]+)\/providers\/Microsoft\.ContainerService\/managedClusters\/([\w-]+)$/i;

/** A cluster as AKS describes it. */
export interface AksCluster {
  /** ARM id in lower case. */
  id: string;
  subscription: string;
  location: string;
  name: string;
  /** `https://...`; null where AKS gives none, or none may be asked for. */
  endpoint: string | null;
  /** PEM. */
  ca: string | null;
  /** `Running`, `Stopped`. */
  power: string;
  /** True for an API server without a public address. */
  isPrivate: boolean;
  /** Why it cannot be used, where that is known before anything is connected to; null otherwise. */
  problem: ProviderError | null;
  /** The problem is that ARM gave no answer about it just now. */
  passing: boolean;
}

export interface Aks {
  /**
   * Clusters of every subscription as they are found.
   * @see https://learn.microsoft.com/rest/api/aks/managed-clusters/list
   * @throws UnseenAccounts at the end, by subscription
   */
  clusters(call: Call): AsyncGenerator<AksCluster>;
  /** An Entra token for the API server, from the credential of the source. */
  token(cluster: AksCluster, call: Call): Promise<{ token: string; expiresAt: number }>;
  renew(): void;
  close(): Promise<void>;
}

/** AKS over REST: the list, the user kubeconfig for address and certificate, and no `kubelogin` command for tokens. */
export function openAks(options: AzureAccessOptions, env: Environment): Aks {
  const azure = openAccess(options, env);
  const calls = subscriptionCalls(azure, env);

  /** Address and certificate stand in the user's kubeconfig only; whatever else it holds is not looked at. */
  async function describe(row: unknown, subscription: string, call: Call): Promise<AksCluster> {
    const about = asRecord(row);
    const found = ID.exec(asString(about?.id) ?? '');
    const [id, group, name] = found ?? [];
    if (!about || !id || !group || !name) throw unexpected(subscription, 'a cluster with a usable id', row).of(LIST);
    const properties = asRecord(about.properties);
    const cluster: AksCluster = {
      id: id.toLowerCase(),
      subscription,
      location: asString(about.location) ?? '',
      name,
      endpoint: null,
      ca: null,
      power: asString(asRecord(properties?.powerState)?.code) ?? 'Unknown',
      isPrivate: asRecord(properties?.apiServerAccessProfile)?.enablePrivateCluster === true,
      problem: null,
      passing: false,
    };
    const place = `cluster ${name}`;
    if (cluster.power === 'Stopped') return { ...cluster, problem: new ProviderError('network', place, 'is stopped') };
    // The user kubeconfig of a cluster without Entra sign-in is a certificate of its administrator: more than reading needs.
    if (!asRecord(properties?.aadProfile)) {
      const why = 'has local accounts only; switch on Entra ID for it, or name it in a kubeconfig of your own';
      return { ...cluster, problem: new ProviderError('auth', place, why) };
    }
    try {
      return { ...cluster, ...(await addressOf(subscription, group, name, call)) };
    } catch (error) {
      if (!(error instanceof ProviderError)) throw error;
      return { ...cluster, problem: error, passing: PASSING.has(error.kind) };
    }
  }

  /** https://learn.microsoft.com/rest/api/aks/managed-clusters/list-cluster-user-credentials */
  async function addressOf(subscription: string, group: string, name: string, call: Call) {
    const path = `/subscriptions/${subscription}/resourceGroups/${group}/providers/Microsoft.ContainerService/managedClusters/${name}`;
    const place = `cluster ${name}`;
    const url = `${path}/listClusterUserCredential?api-version=${API}&format=exec`;
    const answer = await named(CREDENTIAL, () => retry(env, call, () => azure.action(place, url, call)));
    const encoded = asString(asRecord(asArray(asRecord(answer)?.kubeconfigs)[0])?.value);
    const config = encoded === null ? null : asRecord(readYaml(Buffer.from(encoded, 'base64').toString('utf8')));
    const cluster = asRecord(asRecord(asArray(config?.clusters)[0])?.cluster);
    const endpoint = asString(cluster?.server);
    if (endpoint === null) throw unexpected(place, 'a kubeconfig with an address', answer).of(CREDENTIAL);
    const ca = asString(cluster?.['certificate-authority-data']);
    return { endpoint, ca: ca === null ? null : Buffer.from(ca, 'base64').toString() };
  }

  async function look(
    subscription: string,
    call: Call,
  ): Promise<{ subscription: string; found: AksCluster[]; error: ProviderError | null }> {
    const found: AksCluster[] = [];
    try {
      const first = `/subscriptions/${subscription}/providers/Microsoft.ContainerService/managedClusters?api-version=${API}`;
      const read = pages(subscription, LIST, call.signal, async (next) => {
        const page = await retry(env, call, () => azure.page(subscription, next ?? first, call));
        return { items: page.rows, count: page.rows.length, next: page.next };
      });
      for await (const rows of read)
        for await (const one of each(rows, AT_ONCE, (row) => describe(row, subscription, call))) found.push(one);
      return { subscription, found, error: null };
    } catch (error) {
      if (!(error instanceof ProviderError)) throw error;
      return { subscription, found, error: error.kind === 'disabled' ? null : error };
    }
  }

  return {
    async *clusters(call) {
      const failed = new Map<string, ProviderError>();
      const subscriptions = await subscriptionsOf(options, calls, env, call);
      for await (const { subscription, found, error } of each(subscriptions, AT_ONCE, (one) => look(one, call))) {
        if (error) failed.set(subscription, error);
        yield* found;
      }
      if (failed.size > 0) throw new UnseenAccounts(env.source, failed);
    },
    token: ({ name }, call) => azure.token(`cluster ${name}`, SERVER_SCOPE, call),
    renew: () => azure.renew(),
    close: () => azure.close(),
  };
}

function readYaml(text: string): unknown {
  try {
    return parse(text, { maxAliasCount: 0, prettyErrors: false, logLevel: 'silent' });
  } catch {
    return null;
  }
}

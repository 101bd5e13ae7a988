import { Sha256 } from '@aws-crypto/sha256-js';
import { type Cluster, DescribeClusterCommand, EKSClient, ListClustersCommand } from '@aws-sdk/client-eks';
import { SignatureV4 } from '@smithy/signature-v4';
import { type Call, type Environment, ProviderError, UnseenAccounts } from '#providers/contract.ts';
import { each } from '#providers/kit/each.ts';
import { retry } from '#providers/kit/retry.ts';
import { named } from '#providers/kit/wire/named.ts';
import { pages } from '#providers/kit/wire/pages.ts';
import { unexpected } from '#providers/kit/wire/unexpected.ts';
import type { Place } from './access.ts';
import { openAccounts } from './accounts.ts';
import { openAccess } from './client-access.ts';
import { dnsSuffixOf, partitionOf } from './client-partition.ts';
import type { AwsAccessOptions } from './options.ts';

/** Regions, or clusters of a region, that are asked at a time. */
const AT_ONCE = 8;
/** The URL may be used for a minute after it was signed; the API server takes what it saw in it for 15 minutes. */
const EXPIRES_S = 60;
const TOKEN_MS = 12 * 60_000;

/** A cluster as EKS describes it. */
export interface EksCluster extends Place {
  arn: string;
  name: string;
  /** `https://...`; null while it is being created or for a cluster that EKS does not run (connected clusters). */
  endpoint: string | null;
  /** PEM, null as {@link endpoint}. */
  ca: string | null;
  /** `ACTIVE`, `CREATING`, ... */
  status: string;
}

export interface Eks {
  /**
   * Clusters of every account and region as they are found.
   * @throws UnseenAccounts at the end, by `<account>` or `<account> <region>`
   */
  clusters(call: Call): AsyncGenerator<EksCluster>;
  /** A bearer token for the API server, made in this process. @see https://github.com/kubernetes-sigs/aws-iam-authenticator#api-authorization-from-outside-a-cluster */
  token(cluster: Place & { name: string }): Promise<{ token: string; expiresAt: number }>;
  close(): Promise<void>;
}

/** EKS through the AWS SDK: `eks:ListClusters`, `eks:DescribeCluster`, and no `aws` command for tokens. */
export function openEks(options: AwsAccessOptions, env: Environment): Eks {
  const { access, client, ask, settings } = openAccess(options, env);
  const accounts = openAccounts(access, options, env);
  const labelOf = ({ account, region }: Place) => `${account} ${region}`;

  async function namesOf(place: Place, call: Call): Promise<string[]> {
    const names: string[] = [];
    const read = pages(labelOf(place), 'eks:ListClusters', call.signal, async (nextToken) => {
      const input = { maxResults: 100, ...(nextToken ? { nextToken } : {}) };
      const page = await retry(env, call, () =>
        ask(place, call, (o) => client(EKSClient, place).send(new ListClustersCommand(input), o)),
      );
      if (!page.clusters) throw unexpected(labelOf(place), 'a list of clusters', page);
      return { items: page.clusters, count: page.clusters.length, next: page.nextToken };
    });
    for await (const page of read) names.push(...page);
    return names;
  }

  async function describe(place: Place, name: string, call: Call): Promise<EksCluster | null> {
    const answer = await named('eks:DescribeCluster', () =>
      retry(env, call, () =>
        ask(place, call, (o) => client(EKSClient, place).send(new DescribeClusterCommand({ name }), o)),
      ),
    );
    return answer.cluster ? clusterOf(answer.cluster, place, name) : null;
  }

  /** The clusters of one region, or why it could not be read. */
  async function look(
    place: Place,
    call: Call,
  ): Promise<{ place: Place; found: EksCluster[]; error: ProviderError | null }> {
    const found: EksCluster[] = [];
    try {
      for await (const one of each(await namesOf(place, call), AT_ONCE, (name) => describe(place, name, call)))
        if (one) found.push(one);
      return { place, found, error: null };
    } catch (error) {
      if (!(error instanceof ProviderError)) throw error;
      return { place, found, error };
    }
  }

  return {
    async *clusters(call) {
      const failed = new Map<string, ProviderError>();
      const places: Place[] = [];
      try {
        for await (const { account, regions } of accounts.discover(call))
          for (const region of regions) places.push({ account, region });
      } catch (error) {
        if (!(error instanceof UnseenAccounts)) throw error;
        for (const [account, why] of error.accounts) failed.set(account, why);
      }
      for await (const { place, found, error } of each(places, AT_ONCE, (one) => look(one, call))) {
        if (error) failed.set(labelOf(place), error);
        yield* found;
      }
      if (failed.size > 0) throw new UnseenAccounts(env.source, failed);
    },
    async token({ account, region, name }) {
      const { credentials } = settings(account, region);
      const signer = new SignatureV4({ service: 'sts', region, credentials, sha256: Sha256 });
      const host = `sts.${region}.${dnsSuffixOf(region)}`;
      const now = env.clock.now();
      const { query = {} } = await signer.presign(
        {
          method: 'GET',
          protocol: 'https:',
          hostname: host,
          path: '/',
          headers: { host, 'x-k8s-aws-id': name },
          query: { Action: 'GetCallerIdentity', Version: '2011-06-15' },
        },
        { expiresIn: EXPIRES_S, unhoistableHeaders: new Set(['x-k8s-aws-id']), signingDate: new Date(now) },
      );
      const text = new URLSearchParams(Object.entries(query).map(([key, value]) => [key, String(value)]));
      const url = `https://${host}/?${text}`;
      return { token: `k8s-aws-v1.${Buffer.from(url).toString('base64url')}`, expiresAt: now + TOKEN_MS };
    },
    close: () => access.close(),
  };
}

const clusterOf = (cluster: Cluster, place: Place, name: string): EksCluster => ({
  ...place,
  name,
  arn: cluster.arn ?? `arn:${partitionOf(place.region)}:eks:${place.region}:${place.account}:cluster/${name}`,
  endpoint: cluster.endpoint ?? null,
  ca: cluster.certificateAuthority?.data ? Buffer.from(cluster.certificateAuthority.data, 'base64').toString() : null,
  status: cluster.status ?? 'UNKNOWN',
});

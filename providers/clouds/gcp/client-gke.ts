import { type Call, type Environment, ProviderError, UnseenAccounts } from '#providers/contract.ts';
import { each } from '#providers/kit/each.ts';
import { asArray, asRecord, asString } from '#providers/kit/read.ts';
import { retry } from '#providers/kit/retry.ts';
import { named } from '#providers/kit/wire/named.ts';
import { unexpected } from '#providers/kit/wire/unexpected.ts';
import { openAccess } from './client-access.ts';
import type { GcpAccessOptions } from './options.ts';
import { projectsOf } from './projects.ts';

/** Projects that are asked at a time. */
const AT_ONCE = 8;
const LIST = 'container.clusters.list';
const SCOPES = ['https://www.googleapis.com/auth/cloud-platform'];
/** How long a token is used before the library is asked again, which renews it itself; Google's live an hour. */
const TOKEN_MS = 4 * 60_000;

/** A cluster as GKE describes it. */
export interface GkeCluster {
  project: string;
  /** Region or zone. */
  location: string;
  name: string;
  /** `https://...`: the DNS endpoint, which has a public certificate, where it takes outside traffic; else the address. Null while there is none. */
  endpoint: string | null;
  /** PEM; null where the public certificate authorities vouch for the endpoint. */
  ca: string | null;
  /** `RUNNING`, `PROVISIONING`, ... */
  status: string;
  autopilot: boolean;
}

export interface Gke {
  /**
   * Clusters of every project as they are found; a project without the Kubernetes Engine API has none.
   * @see https://cloud.google.com/kubernetes-engine/docs/reference/rest/v1/projects.locations.clusters/list
   * @throws UnseenAccounts at the end: projects that could not be asked, or whose answer leaves zones out
   */
  clusters(call: Call): AsyncGenerator<GkeCluster>;
  /** Google's own access token is what a GKE API server takes. */
  token(cluster: GkeCluster, call: Call): Promise<{ token: string; expiresAt: number }>;
  renew(): void;
  close(): Promise<void>;
}

/** GKE over REST: `container.clusters.list`, and no `gcloud` command for tokens. */
export function openGke(options: GcpAccessOptions, env: Environment): Gke {
  const google = openAccess(options, SCOPES, env);
  const search = (query: string, pageToken: string | undefined, call: Call) =>
    google.get('cloudresourcemanager', '/v3/projects:search', { query, pageSize: '500', pageToken }, env.source, call);

  async function look(
    project: string,
    call: Call,
  ): Promise<{ project: string; found: GkeCluster[]; error: ProviderError | null }> {
    const found: GkeCluster[] = [];
    try {
      const path = `/v1/projects/${encodeURIComponent(project)}/locations/-/clusters`;
      const answer = await named(LIST, () => retry(env, call, () => google.get('container', path, {}, project, call)));
      const body = asRecord(answer);
      // Empty fields are left out: `{}` is a project without clusters, anything else without a list is no answer.
      const isEmpty = body && Object.keys(body).every((key) => key === 'missingZones');
      const list = body?.clusters ?? (isEmpty ? [] : null);
      if (!body || !Array.isArray(list)) throw unexpected(project, 'a list of clusters', answer).of(LIST);
      for (const one of list) {
        const cluster = clusterOf(one, project);
        if (!cluster) throw unexpected(project, 'a cluster with name and location', one).of(LIST);
        found.push(cluster);
      }
      const missing = asArray(body.missingZones).map(String);
      if (missing.length > 0)
        throw new ProviderError('network', project, `GKE could not reach ${missing.slice(0, 5).join(', ')}`).of(LIST);
      return { project, found, error: null };
    } catch (error) {
      if (!(error instanceof ProviderError)) throw error;
      return { project, found, error: error.kind === 'disabled' ? null : error };
    }
  }

  return {
    async *clusters(call) {
      const failed = new Map<string, ProviderError>();
      const projects = await projectsOf(options, search, env, call);
      for await (const { project, found, error } of each(projects, AT_ONCE, (one) => look(one, call))) {
        if (error) failed.set(project, error);
        yield* found;
      }
      if (failed.size > 0) throw new UnseenAccounts(env.source, failed);
    },
    async token({ project }, call) {
      return { token: await google.token(project, call), expiresAt: env.clock.now() + TOKEN_MS };
    },
    renew: () => google.renew(),
    close: () => google.close(),
  };
}

function clusterOf(row: unknown, project: string): GkeCluster | null {
  const cluster = asRecord(row);
  const name = asString(cluster?.name);
  const location = asString(cluster?.location);
  if (!cluster || name === null || location === null) return null;
  const dns = asRecord(asRecord(cluster.controlPlaneEndpointsConfig)?.dnsEndpointConfig);
  const dnsName = dns?.allowExternalTraffic === true ? asString(dns.endpoint) : null;
  const address = asString(cluster.endpoint);
  const ca = asString(asRecord(cluster.masterAuth)?.clusterCaCertificate);
  return {
    project,
    location,
    name,
    endpoint: dnsName ? `https://${dnsName}` : address ? `https://${address}` : null,
    ca: dnsName || ca === null ? null : Buffer.from(ca, 'base64').toString(),
    status: asString(cluster.status) ?? 'STATUS_UNSPECIFIED',
    autopilot: asRecord(cluster.autopilot)?.enabled === true,
  };
}

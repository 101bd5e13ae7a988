import { createHash } from 'node:crypto';
import type { Call, ProviderError } from '../../contract.ts';
import { serverProblem } from '../client/address.ts';
import type { CredentialSource, Credentials } from '../client/client-credentials.ts';

/** A place in which clusters are found: a kubeconfig or a folder of them, the pod's own cluster, a cloud's account. */
export interface ClusterSource {
  /** For errors: `kubeconfig`, `eks 123456789012 eu-west-1`. */
  readonly name: string;
  /**
   * Every cluster, as it is found; asked again at each discovery. Ends normally ONLY when these were all; a cloud that refuses the list
   * throws, and names its account. A cluster that is listed and cannot be used is no error here but a {@link RefusedCluster}.
   */
  discover(call: Call): AsyncIterable<FoundCluster>;
  /** With the source that it is of. */
  close?(): Promise<void>;
}

interface Named {
  /** Unique in the configured source and the same at every discovery: a context, `in-cluster`, an ARN, a resource id. */
  id: string;
  /** What people call the cluster. */
  name: string;
  /** Where it was found, for its label: `{ account: '123456789012', region: 'eu-west-1' }`, `{ file: 'team-a.yaml' }`. */
  labels: Readonly<Record<string, string>>;
}

/** A cluster that may be connected to; whether it answers is another matter. */
export interface UsableCluster extends Named {
  /** `https://host:6443`, also with a path; was held against {@link serverProblem}. */
  server: string;
  credentials: CredentialSource;
  /** Its certificate is not verified, as the operator wished. */
  insecure: boolean;
  /** Another one than last time: address, certificate or credential changed, and connections are made anew. */
  revision: string;
}

/** A cluster that is known and may not be connected to: its kubeconfig breaks a rule, it has no public address, it is being made. */
export interface RefusedCluster extends Named {
  problem: ProviderError;
  /** Its cloud gave no answer about it: whoever could use it before still can. */
  passing?: boolean;
}

export type FoundCluster = UsableCluster | RefusedCluster;

/** What a cloud says of a cluster. */
export interface CloudCluster extends Named {
  server: string;
  /** PEM; null where the server's certificate is of a public authority. */
  ca: string | null;
  /** The name in the certificate, where it is not the host of `server`. */
  tlsServerName?: string;
  /** A bearer token that is good now; kept by the cloud's own code for as long as it lasts. Rejects with a ProviderError. */
  token(call: Call): Promise<string>;
  /** The server refused the token: the next one must be new. */
  renew?(): void;
}

/** A cluster of a cloud, as the provider uses it. @param refused makes the error for an address that no API server has */
export function cloudCluster(cluster: CloudCluster, refused: (reason: string) => ProviderError): FoundCluster {
  const { id, name, labels, ca, tlsServerName } = cluster;
  const server = cluster.server.replace(/\/+$/, '');
  const problem = serverProblem(server, false);
  if (problem !== null) return { id, name, labels, problem: refused(problem) };
  const tls: Credentials['tls'] = {
    ...(ca === null ? {} : { ca }),
    ...(tlsServerName === undefined ? {} : { servername: tlsServerName }),
  };
  return {
    id,
    name,
    labels,
    server,
    insecure: false,
    revision: revisionOf({ server, ca, tlsServerName }),
    credentials: {
      current: async (call) => ({ headers: { authorization: `Bearer ${await cluster.token(call)}` }, tls }),
      renew: () => cluster.renew?.(),
    },
  };
}

/** What stands for these values, secrets among them, in a comparison. */
export const revisionOf = (values: unknown): string =>
  createHash('sha256').update(JSON.stringify(values)).digest('base64url');

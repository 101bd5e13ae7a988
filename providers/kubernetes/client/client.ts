import type { Call } from '#providers/contract.ts';
import type { RawEvent, RawList, RawObject } from '../map/raw.ts';

export interface PageQuery {
  limit: number;
  continue?: string | undefined;
  /** Only metadata is wanted: five to ten times fewer bytes. */
  metadataOnly?: boolean;
  /** `metadata.name=...` */
  fieldSelector?: string;
}

export interface WatchQuery {
  /** Opaque; where to go on from. */
  resourceVersion: string;
  timeoutSeconds: number;
}

/** One API server: real (`client-http.ts`) or the mock's (`mock.ts`). Errors are ProviderErrors, a refusal is a StatusError. */
export interface ClusterClient {
  /** Id of the cluster as it was found: the name of a context; unique in the source. */
  readonly context: string;
  /** What people call the cluster. */
  readonly name: string;
  /** The server's certificate is not verified, as the operator wished. */
  readonly insecure: boolean;
  /** Obtains the credential, so that no connection waits for a command that makes one. Never rejects but for the signal. */
  ready?(call: Call): Promise<void>;
  /**
   * uid of the namespace kube-system: the identity of the cluster.
   * @param quick an answer within five seconds or none, on a connection that ends with it: for many clusters, some of them dead
   */
  uid(call: Call, quick?: boolean): Promise<string>;
  page(path: string, query: PageQuery, call: Call): Promise<RawList<RawObject>>;
  /** One watch connection: {@link OPENED} when the server has taken it, then its events; ends when the server ends it. */
  watch(path: string, query: WatchQuery, call: Call): AsyncIterable<RawEvent>;
  /** Drops the credential in use: the server refused it. */
  renew(): void;
  close(): Promise<void>;
}

/** Type of the event that no server sends: the watch is established. */
export const OPENED = 'OPENED';

export const PATHS = {
  pods: '/api/v1/pods',
  nodes: '/api/v1/nodes',
  'replicasets.apps': '/apis/apps/v1/replicasets',
  'jobs.batch': '/apis/batch/v1/jobs',
  'runtimeclasses.node.k8s.io': '/apis/node.k8s.io/v1/runtimeclasses',
} as const;

/** Where one namespace's objects of a kind are listed. */
export const inNamespace = (path: string, namespace: string): string =>
  path.replace(/\/([^/]+)$/, `/namespaces/${encodeURIComponent(namespace)}/$1`);

import { text } from './read.ts';

/** Where the rows of one scope come from. */
export interface Place {
  source: string;
  /** Id of the scope. */
  scope: string;
  /** uid of the cluster's kube-system namespace: the cluster's own name, the same through every context. */
  cluster: string;
  /** What people call the cluster. */
  clusterName: string;
}

/** What the nodes and owners of a cluster add to its pods; see `lookups.ts`. */
export interface Lookup {
  node(name: string): NodeFacts | undefined;
  /** The controller of a ReplicaSet or Job; null where it has none, `unknown` where it could not be read. */
  controller(kind: 'ReplicaSet' | 'Job', uid: string): { kind: string; name: string } | null | 'unknown';
  /** Handler of a RuntimeClass; undefined where it could not be read. */
  handler(runtimeClass: string): string | undefined;
}

/** What a node's labels say. */
export interface NodeFacts {
  region: string | null;
  zone: string | null;
  os: string | null;
  fargate: boolean;
}

/** https://kubernetes.io/docs/reference/labels-annotations-taints/ */
export function nodeFacts(labels: Readonly<Record<string, string>> | null | undefined): NodeFacts {
  const label = (key: string): string | null => text(labels?.[key]);
  return {
    region: label('topology.kubernetes.io/region') ?? label('failure-domain.beta.kubernetes.io/region'),
    zone: label('topology.kubernetes.io/zone') ?? label('failure-domain.beta.kubernetes.io/zone'),
    os: label('kubernetes.io/os'),
    fargate: label('eks.amazonaws.com/compute-type') === 'fargate',
  };
}

/** Identity of a node, by which its containers name what runs them. Node names are unique in their cluster only. */
export const nodeIdentity = (cluster: string, name: string) => ({ type: 'node' as const, value: `${cluster}/${name}` });

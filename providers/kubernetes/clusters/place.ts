import type { Identity, Tags } from '#lib/model/index.ts';
import type { RawMeta } from '../map/raw.ts';
import { labelsOf, text } from '../map/read.ts';

/** Where the rows of one scope come from. */
export interface Place {
  source: string;
  /** Id of the scope. */
  scope: string;
  /** uid of the cluster's kube-system namespace: the cluster's own name, the same through every context. */
  cluster: string;
  /** What people call the cluster. */
  clusterName: string;
  /** What a container on this node is hosted by; one list for all of them. */
  host(node: string | null): Identity[];
  /** Labels of a pod: those of its siblings under one controller where they are the same, so that they are kept once. */
  labels(controller: string | undefined, meta: RawMeta): Tags;
}

const MAX_SHARED = 50_000;

export function createPlace(place: Pick<Place, 'source' | 'scope' | 'cluster' | 'clusterName'>): Place {
  const hosts = new Map<string, Identity[]>();
  const siblings = new Map<string, Tags>();
  return {
    ...place,
    host(node) {
      if (node === null) return [];
      let identities = hosts.get(node);
      if (!identities) {
        identities = [nodeIdentity(place.cluster, node)];
        if (hosts.size >= MAX_SHARED) hosts.clear();
        hosts.set(node, identities);
      }
      return identities;
    },
    labels(controller, meta) {
      if (controller === undefined) return labelsOf(meta);
      const known = siblings.get(controller);
      if (known && same(known, meta.labels)) return known;
      const labels = labelsOf(meta);
      if (siblings.size >= MAX_SHARED) siblings.clear();
      siblings.set(controller, labels);
      return labels;
    },
  };
}

function same(known: Tags, labels: unknown): boolean {
  if (typeof labels !== 'object' || labels === null) return false;
  const keys = Object.keys(labels);
  if (keys.length !== Object.keys(known).length) return false;
  for (const key of keys) if (known[key] !== (labels as Record<string, unknown>)[key]) return false;
  return true;
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
    zone: zoneOf(label('topology.kubernetes.io/zone') ?? label('failure-domain.beta.kubernetes.io/zone')),
    os: label('kubernetes.io/os'),
    fargate: label('eks.amazonaws.com/compute-type') === 'fargate',
  };
}

/** A bare number is no zone: Azure's nodes that are in none carry their fault domain there. https://learn.microsoft.com/azure/aks/availability-zones */
const zoneOf = (label: string | null): string | null => (label !== null && /^\d+$/.test(label) ? null : label);

/** Identity of a node, by which its containers name what runs them. Node names are unique in their cluster only. */
export const nodeIdentity = (cluster: string, name: string): Identity => ({
  type: 'node',
  value: `${cluster}/${name}`,
});

/** What links a pair, as the model's evidence: an identity that both have, or the guests that both run. */
export type TruthEvidence =
  | 'provider-id'
  | 'instance-id'
  | 'system-uuid'
  | 'runtime-id'
  | 'host'
  | 'node'
  | 'guests'
  | 'address';

/** Why a resource is part of something that evidence alone cannot, or only just can, tell. */
export type Plant =
  /** Nodes of one image say one machine id. */
  | 'cloned-machine-id'
  /** Domains of different hosts have one UUID. */
  | 'cloned-uuid'
  /** Two VMs of one project, zone and name, and the node of the younger; its annotation says which VM. */
  | 'reused-name'
  /** The same, and the node does not say which. */
  | 'reused-name-unsaid'
  /** A VM, its node, and a node of another cluster with the same provider id. */
  | 'claimed-twice'
  /** A node whose VM is in no listing. */
  | 'half-listed'
  /** A node without provider id that says its VM's UUID in the byte order of generation 1. */
  | 'byte-order';

/** Two resources that are one machine, or one container seen twice. `a` and `b` are uids of the model. */
export interface TruthPair {
  a: string;
  b: string;
  /** The strongest evidence there is; null where the rows hold none. */
  by: TruthEvidence | null;
  /** Evidence proves it: `certain` of the model. Recall is measured over these. */
  certain: boolean;
}

/** All resources that are one machine; at least two. */
export interface TruthMachine {
  /** Uids of the model. */
  members: readonly string[];
  /** What holds them together: a chain over all members, no pair twice. */
  pairs: readonly TruthPair[];
}

/** A guest and the row it runs on directly; `host` is the one that the guest's own system names. */
export interface TruthRunsOn {
  guest: string;
  host: string;
  by: TruthEvidence | null;
  certain: boolean;
}

/**
 * What is so, as uids of the model in the forms that `docs/architecture.md` (Identity) fixes. Only rows that are listed are named, and
 * nothing of a place with a fault. Two resources of which no machine here has both are two machines.
 */
export interface Truth {
  machines(): Iterable<TruthMachine>;
  runsOn(): Iterable<TruthRunsOn>;
  /** Planted conflicts: the uids that each is about. */
  planted(): Iterable<{ plant: Plant; uids: readonly string[] }>;
}

/** A cluster of Incus, or one server that is in none. */
export interface IncusCluster {
  index: number;
  /** SHA-256 of its certificate, 64 hexadecimal digits. */
  fingerprint: string;
  /** `https://incus.meridian.example:8443`: how a source would reach it. */
  address: string;
  /** By name; one where it is no cluster. */
  members: readonly IncusMember[];
  version: string;
  /** How many instances it has. */
  size: number;
}

export interface IncusMember {
  index: number;
  name: string;
  /** `https://10.42.0.11:8443` */
  url: string;
  cpus: number;
  /** MiB. */
  memory: number;
  /** What its firmware says. */
  uuid: string;
  failureDomain: string;
}

/** In the API's words. */
export type IncusStatus = 'Running' | 'Stopped' | 'Frozen' | 'Error' | 'Ready';

export interface IncusInstance {
  cluster: IncusCluster;
  member: IncusMember;
  /** Unique in its project. */
  name: string;
  project: string;
  type: 'container' | 'virtual-machine';
  status: IncusStatus;
  /** Its memory is on disk. */
  stateful: boolean;
  /** `volatile.uuid`, which a VM shows as its firmware's. */
  uuid: string;
  mac: string;
  /** While it runs. */
  address: string | null;
  createdAt: number;
  /** Null where it was never started. */
  startedAt: number | null;
  /** As they are set, `2`, `0-3`, `4GiB`, `25%`; null where they are not. */
  limits: { cpu: string | null; memory: string | null };
  privileged: boolean;
  nesting: boolean;
  profiles: readonly string[];
  image: { description: string; os: string; release: string; fingerprint: string };
  /** `user.*` without what is in front. */
  tags: readonly (readonly [string, string])[];
  snapshots: number;
  /** To be planted in its environment and what cloud-init is handed: must never be seen again. */
  secret: string;
}

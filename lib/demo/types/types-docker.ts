import type { Cluster, Container, Place, Pod } from './types.ts';

/** One Docker Engine. */
export interface DockerHost {
  index: number;
  /** `info.ID`, a UUID. */
  id: string;
  /** `info.Name`: the hostname of what it runs on. */
  name: string;
  /** `ssh://muster@<name>` or `tcp://<name>:2376`: how a source would reach it. */
  address: string;
  /**
   * What it runs on: a VM of a cloud by its slot, which is never replaced; a cluster's node with cri-dockerd by its slot, the same; null
   * = hardware or a VM that nothing else lists. `Moment.dockerMachine` gives the VM.
   */
  on: { place: Place; slot: number; cluster: Cluster | null; index: number } | null;
  ncpu: number;
  /** MiB. `info.MemTotal` is in bytes. */
  memory: number;
  /** It runs in a VM of the first laptop, `VirtualBoxVm.docker`. */
  inLab: boolean;
  /** `29.1.2`, and the oldest and newest API it speaks. */
  version: string;
  os: string;
  arch: 'x86_64' | 'aarch64';
  /** Null on hosts outside of a swarm. */
  swarm: { nodeId: string; nodeAddr: string; clusterId: string; manager: boolean } | null;
  /** How many containers it has; of a cluster's node unknown (0). */
  size: number;
}

/** In Docker's words. */
export type DockerState = 'created' | 'running' | 'paused' | 'restarting' | 'exited';

export interface DockerContainer {
  host: DockerHost;
  /** 64 hexadecimal digits. */
  id: string;
  /** Without the slash: `shop-web-1`, `metrics.2.k3j...`, `k8s_web_web-6f5d_shop_<pod uid>_0`. */
  name: string;
  /** As it was asked for. */
  image: string;
  /** `sha256:...`. */
  imageId: string;
  command: string;
  state: DockerState;
  /** Of `exited` and `restarting`; 137 = killed. 0 elsewhere. */
  exitCode: number;
  oomKilled: boolean;
  /** Why it could not be started; empty where it could. */
  error: string;
  /** As its HEALTHCHECK says; null without one. */
  health: 'healthy' | 'unhealthy' | 'starting' | null;
  restarts: number;
  createdAt: number;
  /** Null where it was never started. */
  startedAt: number | null;
  finishedAt: number | null;
  /** `com.docker.compose.*`, `com.docker.swarm.*`, or `io.kubernetes.*` with cri-dockerd. */
  labels: Readonly<Record<string, string>>;
  /** Null = no limit. `cpus` in cores (NanoCpus / 1e9), `memory` in MiB. */
  limits: { cpus: number | null; memory: number | null };
  runtime: 'runc' | 'runsc';
  networks: readonly { name: string; address: string | null; mac: string | null }[];
  ports: readonly { private: number; public: number | null }[];
  /** With cri-dockerd: the pod and its container that this is; `container` is null for the pod's pause container. */
  pod: { pod: Pod; container: Container | null } | null;
  /** To be planted in environment and command: must never be seen again. */
  secret: string;
}

import type { DockerHost } from './types-docker.ts';

/** A developer's machine with VirtualBox. */
export interface Laptop {
  index: number;
  hostname: string;
  /** Whose VirtualBox it is. */
  user: string;
  cpus: number;
  /** MiB. */
  memory: number;
  /** How many VMs it has. */
  size: number;
}

/** In the words of `showvminfo --machinereadable`; `inaccessible` where VirtualBox cannot read its settings. */
export type VirtualBoxState =
  | 'running'
  | 'paused'
  | 'poweroff'
  | 'saved'
  | 'aborted'
  | 'gurumeditation'
  | 'inaccessible';

export interface VirtualBoxVm {
  laptop: Laptop;
  uuid: string;
  /** What its firmware says: of a folder that was copied, that of the first. */
  hardwareUuid: string;
  name: string;
  /** `/shop`. */
  group: string;
  /** Empty where it has none. */
  description: string;
  state: VirtualBoxState;
  stateSince: number;
  vcpus: number;
  /** MiB. */
  memory: number;
  osType: string;
  attachment: 'nat' | 'bridged';
  /** Twelve hexadecimal digits, upper case. */
  mac: string;
  /** While it runs and its Guest Additions say one. */
  address: string | null;
  snapshots: number;
  /** The engine that runs in it, where no node says which VM it is. */
  docker: DockerHost | null;
  /** To be planted where `showvminfo` and guest properties have secrets: must never be seen again. */
  secret: string;
}
